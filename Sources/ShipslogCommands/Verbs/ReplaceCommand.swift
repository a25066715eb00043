import ArgumentParser
import RolloutModel

/// `shipslog rollout replace`: pods without a controller are deleted and made again.
struct ReplaceCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Delete a pod that has no controller, make it again as it is wanted, and check it.",
        discussion: """
            If the new pod fails or is not ready in time, it goes and the old one is made again. Of several pods, those \
            that come after one that failed are left as they are.

            Examples:
              shipslog rollout replace pod/batch --image worker=busybox:1.37
              shipslog rollout replace pod/batch -f batch.yaml
              shipslog rollout replace -l app=batch --image busybox:1.37 --parallel 2
            """)

    @Argument(help: ArgumentHelp("The pod: pod/batch.", valueName: "type/name"))
    var target: String?

    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp("All pods whose labels match, instead of one: app=batch.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("How many of them are replaced at the same time.", valueName: "number"))
    var parallel = 1

    @OptionGroup var wanted: ManifestArguments
    @OptionGroup var options: RunArguments

    func validate() throws {
        if (target == nil) == (selector == nil) {
            throw ValidationError("Say which pod is meant, pod/batch, or which pods, -l app=batch.")
        }
        if let target { _ = try name(target) }
        if let selector { _ = try LabelSelector(selector) }
        if parallel < 1 { throw ValidationError("--parallel must be at least 1.") }
        if parallel > 1, options.simulation != nil {
            throw ValidationError("On a simulated cluster one pod is replaced at a time: leave --parallel out.")
        }
        try wanted.require()
    }

    private func name(_ target: String) throws -> String {
        let subject = try SubjectArgument([target])
        guard subject.kind == "pod", let name = subject.name else {
            throw ValidationError("\"\(target)\" is no pod: name it pod/batch.")
        }
        return name
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        if let target { return try await PodTarget(try name(target), session).replace(by: wanted) }
        let names = try await names(session)
        try session.confirm("replace \(names.count) pods in \(session.place.namespace) of \(session.place.name)")
        var (left, done) = (names[...], 0)
        while !left.isEmpty {
            let batch = left.prefix(parallel)
            left = left.dropFirst(parallel)
            do {
                try await replace(Array(batch), context)
                done += batch.count
            } catch let error where names.count > 1 && !(error is CancellationError) {
                try context.notice("\(done) of \(names.count) pods were replaced before, \(left.count) were left.")
                throw error
            }
        }
    }

    private func names(_ session: RunSession) async throws -> [String] {
        let selector = try LabelSelector(selector ?? "")
        let pods = try await session.place.cluster.list(ClusterSelection(.pods, namespace: session.place.namespace))
            .filter { selector.matches(($0["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string)) }
            .compactMap { $0["metadata"]?["name"]?.string }
        guard !pods.isEmpty else {
            throw ShipslogError(
                .notFound,
                "No pods in \(session.place.namespace) of \(session.place.name) match \(self.selector ?? "").")
        }
        return pods.sorted()
    }

    /// Replaces pods at the same time, each as a run of its own; the others come to their end when one fails.
    private func replace(_ names: [String], _ context: CommandContext) async throws {
        var options = options
        options.yes = true
        try await withThrowingTaskGroup(of: Result<Void, any Error>.self) { [options] group in
            for name in names {
                group.addTask {
                    do {
                        // Each run of a simulated cluster begins from where the one before has left it.
                        let session = try await RunSession(options, in: context, isAlone: names.count == 1)
                        return .success(try await PodTarget(name, session).replace(by: wanted))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var failure: (any Error)?
            for try await result in group {
                if case .failure(let error) = result { failure = failure ?? error }
            }
            if let failure { throw failure }
        }
    }
}
