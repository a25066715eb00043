/// How the pods of a cluster live that has no kubelet: rules, of which the first that matches a pod counts.
///
/// A pod that no rule matches lives without trouble.
///
/// - SeeAlso: `schema/input/behaviours.schema.json` for the file format.
package struct PodBehaviours: Hashable, Sendable {
    /// Where chance begins: with equal seeds, pods of equal traits live the same.
    package var seed: UInt64
    package var rules: [Rule]

    package init(seed: UInt64 = 0, rules: [Rule] = []) {
        self.seed = seed
        self.rules = rules
    }

    /// Which pods live how.
    package struct Rule: Hashable, Sendable {
        package var match: PodMatch
        package var behaviour: PodBehaviour

        package init(match: PodMatch = PodMatch(), behaviour: PodBehaviour) {
            self.match = match
            self.behaviour = behaviour
        }
    }

    /// The life of a pod from the moment it was created.
    ///
    /// - Parameters:
    ///   - pod: What is known of the pod then.
    ///   - time: When it was created; if it has a node already, when it got it.
    ///   - hasNode: Whether it has a node already, so that it needs to find none.
    package func life(of pod: PodTraits, from time: Timestamp, hasNode: Bool = false) -> PodLife {
        let rule = rules.first { $0.match.matches(pod) }
        var behaviour = rule?.behaviour ?? PodBehaviour()
        if hasNode { behaviour.unschedulable = nil }
        let names = [pod.owner, pod.revision.map { String($0) } ?? "", String(pod.ordinal)]
        return PodLife(
            behaviour, ofImages: rule?.match.image, restartPolicy: pod.restartPolicy,
            random: SeededGenerator(seed: seed, of: names), from: time
        )
    }
}

/// What a rule may ask of a pod, and what its chance hangs on.
package struct PodTraits: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var labels: [String: String]
    package var images: [String]
    package var restartPolicy: RestartPolicy
    /// The name of its Deployment; without one of its ReplicaSet; for a bare pod its own name.
    package var owner: String
    /// The annotation `deployment.kubernetes.io/revision` of its ReplicaSet; `nil` without one.
    package var revision: Int?
    /// Which pod of its ReplicaSet it is, in the order of their creation, from 1; of a bare pod, under its name.
    package var ordinal: Int
    /// ``Template/digest(_:)`` of its ReplicaSet's template; `nil` without one.
    package var template: String?

    package init(
        namespace: String = "default", name: String, labels: [String: String], images: [String],
        restartPolicy: RestartPolicy = .always,
        owner: String, revision: Int? = nil, ordinal: Int = 1, template: String? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.images = images
        self.restartPolicy = restartPolicy
        self.owner = owner
        self.revision = revision
        self.ordinal = ordinal
        self.template = template
    }
}

/// What happens to containers that ended.
package enum RestartPolicy: String, Sendable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
}

/// Which pods a rule is for: those that have all that is asked; without any, all pods.
package struct PodMatch: Hashable, Sendable {
    /// Of one of its containers; the behaviour is then that of the containers that have such an image.
    package var image: Pattern?
    package var namespace: String?
    package var name: Pattern?
    package var labels: [String: String]
    package var revision: Int?
    /// ``PodTraits/owner``.
    package var owner: String?
    /// What ``PodTraits/template`` begins with.
    package var template: String?
    package var ordinal: Int?

    package init(
        image: Pattern? = nil, namespace: String? = nil, name: Pattern? = nil, labels: [String: String] = [:],
        revision: Int? = nil, owner: String? = nil, template: String? = nil, ordinal: Int? = nil
    ) {
        self.image = image
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.revision = revision
        self.owner = owner
        self.template = template
        self.ordinal = ordinal
    }

    func matches(_ pod: PodTraits) -> Bool {
        (revision == nil || revision == pod.revision)
            && (ordinal == nil || ordinal == pod.ordinal)
            && (owner == nil || owner == pod.owner)
            && (namespace == nil || namespace == pod.namespace)
            && (template.map { pod.template?.hasPrefix($0) ?? false } ?? true)
            && (image.map { pattern in pod.images.contains { pattern.matches($0) } } ?? true)
            && (name?.matches(pod.name) ?? true)
            && labels.allSatisfy { pod.labels[$0] == $1 }
    }
}

/// A text in which `*` stands for any characters, also none.
package struct Pattern: Hashable, Sendable {
    package let text: String
    private let parts: [Substring]

    package init(_ text: String) {
        self.text = text
        parts = text.split(separator: "*", omittingEmptySubsequences: false)
    }

    package func matches(_ candidate: String) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return candidate == text }
        guard candidate.utf8.count >= first.utf8.count + last.utf8.count, candidate.hasPrefix(first),
            candidate.hasSuffix(last)
        else { return false }
        var rest = candidate.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
