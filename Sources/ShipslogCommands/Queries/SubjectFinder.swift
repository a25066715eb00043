import EventLedger
import RolloutModel

/// Finds what a person named.
struct SubjectFinder {
    let ledger: Ledger
    let scope: Scope
    /// Chooses among the subjects of the scope; `nil` for all.
    var selector: LabelSelector?
    /// Whether HTTPRoutes are found by their names too.
    var findsRoutes = false

    /// The streams of the subjects that are meant, in the order of their names.
    ///
    /// - Parameter subject: `nil` for all.
    /// - Throws: ``ShipslogError`` with code `notFound` if a name was given and there is no such subject.
    func streams(of subject: SubjectArgument?) throws -> [StreamName] {
        let found = try ledger.streams(
            cluster: scope.cluster, namespace: scope.namespace, kind: subject?.kind, name: subject?.name
        )
        let subjects = try found.filter { try isFound($0) && ledger.isChosen($0, by: selector) }.sorted()
        if subjects.isEmpty, let subject, subject.name != nil { throw try notFound(subject) }
        return subjects
    }

    /// The stream of the one subject that is meant.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is none, `invalidArgument` if there are several.
    func stream(of subject: SubjectArgument) throws -> StreamName {
        guard subject.name != nil else {
            throw ShipslogError(
                .invalidArgument, "A name is missing: \"\(subject.kind)\" alone may be several.",
                hint: "Name it TYPE/NAME: \(StreamName.shortKind(subject.kind))/web."
            )
        }
        let streams = try streams(of: subject)
        guard streams.count == 1 else {
            let places = streams.map { "\($0.namespace) of cluster \($0.cluster)" }.joined(separator: ", ")
            throw ShipslogError(
                .invalidArgument, "\(subject.description) is ambiguous: it is in the namespaces \(places).",
                hint: "Say which with --cluster or --namespace."
            )
        }
        return streams[0]
    }

    /// The rollout that is meant; that of the bundle, if none is named and one is read.
    ///
    /// - Throws: as ``rollout(_:)`` and `RolloutArgument.init`.
    func rollout(named words: [String]) throws -> Rollout {
        if words.isEmpty, let bundle = ledger.bundle,
            let rollout = try ledger.rollouts(RolloutQuery(stream: bundle.stream, number: bundle.number)).first
        {
            return rollout
        }
        return try rollout(RolloutArgument(words))
    }

    /// The rollout that is meant.
    ///
    /// - Throws: as ``stream(of:)``; `notFound` if the subject has no rollout of that number.
    func rollout(_ argument: RolloutArgument) throws -> Rollout {
        let stream = try stream(of: argument.subject)
        let rollouts = try ledger.rollouts(RolloutQuery(stream: stream))
        if let rollout = rollouts.first(where: { $0.number == argument.number }) { return rollout }
        let existing =
            switch (rollouts.first?.number, rollouts.last?.number) {
            case (let first?, let last?) where first < last: "its rollouts are \(first) to \(last)"
            case (let only?, _): "its only rollout is \(only)"
            default: "it has none yet"
            }
        throw ShipslogError(.notFound, "\(stream.shortName) has no rollout \(argument.number); \(existing).")
    }

    private func isFound(_ stream: StreamName) -> Bool { findsRoutes ? stream.isSubjectOrRoute : stream.isSubject }

    private func notFound(_ subject: SubjectArgument) throws -> ShipslogError {
        let place = scope.namespace.map { "namespace \($0)" } ?? "the ledger"
        let known = try ledger.streams(cluster: scope.cluster, namespace: scope.namespace, kind: nil, name: nil)
            .filter(isFound)
        if known.isEmpty {
            let elsewhere = try ledger.streams(cluster: nil, namespace: nil, kind: nil, name: nil).filter(isFound)
            let namespaces = Set(elsewhere.map(\.namespace)).sorted().joined(separator: ", ")
            return ShipslogError(
                .notFound, "There is no \(subject.description) in \(place), nor anything else.",
                hint: namespaces.isEmpty ? nil : "The ledger knows the namespaces \(namespaces)."
            )
        }
        let names = Set(known.map(\.shortName)).sorted()
        let listed = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
        return ShipslogError(.notFound, "There is no \(subject.description) in \(place).", hint: "There are \(listed).")
    }
}
