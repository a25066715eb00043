import RolloutModel

/// A subject as people name it: `deploy/web`, `svc/cart`, or a kind alone, `pods`.
struct SubjectArgument: Equatable {
    /// `deployment`, `service` or `pod`; `httproute` where routes are allowed.
    var kind: String
    /// `nil` for all of the kind.
    var name: String?

    /// Reads `TYPE/NAME`, `TYPE NAME` or `TYPE`.
    ///
    /// - Parameters:
    ///   - words: The words.
    ///   - allowsRoutes: Whether it may be an HTTPRoute, which has no rollouts.
    /// - Throws: ``ShipslogError`` with code `invalidArgument`.
    init(_ words: [String], allowsRoutes: Bool = false) throws {
        let parts = words.flatMap { $0.split(separator: "/", omittingEmptySubsequences: false).map(String.init) }
        guard let type = parts.first, parts.count <= 2, words.count == 1 || !words[0].contains("/") else {
            throw ShipslogError(
                .invalidArgument, "\"\(words.joined(separator: " "))\" does not name one subject.", hint: Self.usage
            )
        }
        guard let kind = Self.kinds[type.lowercased()], kind != "httproute" || allowsRoutes else {
            throw ShipslogError(.invalidArgument, "\"\(type)\" is not a type that has rollouts.", hint: Self.usage)
        }
        self.kind = kind
        guard parts.count == 2 else { return }
        guard StreamName.isValidPart(parts[1]) else {
            throw ShipslogError(.invalidArgument, "A name is missing after \"\(type)\".", hint: Self.usage)
        }
        name = parts[1]
    }

    private static let usage = "Name it TYPE/NAME: deploy/web, svc/cart or pod/batch."

    /// The kinds by the names that `kubectl` takes for them.
    private static let kinds: [String: String] = [
        "deploy": "deployment", "deployment": "deployment", "deployments": "deployment",
        "deployment.apps": "deployment", "deployments.apps": "deployment",
        "svc": "service", "service": "service", "services": "service",
        "po": "pod", "pod": "pod", "pods": "pod",
        "httproute": "httproute", "httproutes": "httproute",
        "httproute.gateway.networking.k8s.io": "httproute", "httproutes.gateway.networking.k8s.io": "httproute",
    ]

    /// `deploy/web`, or `deployments` if no name is given.
    var description: String {
        name.map { "\(StreamName.shortKind(kind))/\($0)" } ?? "\(kind)s"
    }
}

/// A rollout as people name it: `deploy/web@3`.
struct RolloutArgument: Equatable {
    var subject: SubjectArgument
    var number: Int

    /// Reads `TYPE/NAME@NUMBER` or `TYPE NAME@NUMBER`.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument`.
    init(_ words: [String]) throws {
        let written = words.joined(separator: " ")
        guard var last = words.last, let at = last.lastIndex(of: "@"), let number = Int(last[last.index(after: at)...]),
            number > 0
        else {
            throw ShipslogError(
                .invalidArgument, "\"\(written)\" does not name a rollout.",
                hint: "Name it TYPE/NAME@NUMBER: deploy/web@3."
            )
        }
        last = String(last[..<at])
        subject = try SubjectArgument(words.dropLast() + [last])
        guard subject.name != nil else {
            throw ShipslogError(
                .invalidArgument, "\"\(written)\" lacks the name of a subject.",
                hint: "Name it TYPE/NAME@NUMBER: deploy/web@3."
            )
        }
        self.number = number
    }
}
