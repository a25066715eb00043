import RolloutModel

/// To whose history an object belongs, and whether that is wanted.
struct Place {
    var stream: StreamName
    var isChosen: Bool
}

extension Observer {
    /// Where an object belongs, as far as that is known: `nil` if its owner must be seen first.
    func place(of object: ObservedObject) -> Place? {
        guard let stream = knownStream(of: object), let isChosen = isChosen(object) else { return nil }
        return Place(stream: stream, isChosen: isChosen)
    }

    /// Where an object belongs whose owner was never seen: to a history of the owner's name, unless only some are wanted.
    func placeWithoutOwner(of object: ObservedObject) -> Place {
        Place(
            stream: knownStream(of: object) ?? stream(underOwnerOf: object),
            isChosen: isChosen(object) ?? (selector == nil))
    }

    private func knownStream(of object: ObservedObject) -> StreamName? {
        let version = object.version
        guard version.kind == "Pod" else { return stream(underOwnerOf: object) }
        guard let owner = object.owner else {
            // A pod that its controller released stays in the history it began in.
            return seen[version.uid]?.stream ?? stream(underOwnerOf: object)
        }
        guard owner.kind == "ReplicaSet" else { return stream(underOwnerOf: object) }
        // A ReplicaSet that was gone before a restart is not remembered, though pods of it may still be terminating.
        return owners.stream(of: owner.uid) ?? seen[version.uid].flatMap { $0.owner == owner.uid ? $0.stream : nil }
    }

    /// The history of the owner that an object names, or its own: whoever makes an object may name any text as its owner.
    private func stream(underOwnerOf object: ObservedObject) -> StreamName {
        let version = object.version
        let owners = object.owner.flatMap {
            StreamName(checking: cluster, version.namespace, $0.kind.lowercased(), $0.name)
        }
        return owners
            ?? StreamName(
                cluster: cluster, namespace: version.namespace, kind: version.kind.lowercased(), name: version.name)
    }

    /// Whether an object is chosen: a subject by its labels, anything else with its owner; `nil` if that was never seen.
    private func isChosen(_ object: ObservedObject) -> Bool? {
        guard let selector else { return true }
        let last = seen[object.version.uid]
        let isKnown = last?.facets != nil
        if object.isSubject {
            if let last, isKnown, last.stream.kind != object.version.kind.lowercased() { return true }
            return selector.matches(object.metadata.labels ?? [:])
        }
        guard let owner = object.owner, ["Deployment", "ReplicaSet", "Service"].contains(owner.kind) else {
            return false
        }
        if owner.uid.isEmpty {
            // A slice that somebody made for a Service by hand.
            let namesake = livingNames[Self.nameKey(owner.kind, object.version.namespace, owner.name)]
            return namesake.flatMap(isChosen) ?? false
        }
        return isChosen(owner.uid) ?? last.map { _ in isKnown }
    }

    /// Whether an object that was seen is chosen; `nil` if it was never seen.
    func isChosen(_ uid: String) -> Bool? {
        guard let object = seen[uid] else { return owners.wasChosen(uid) }
        return object.owner.flatMap(isChosen) ?? (object.facets != nil)
    }
}
