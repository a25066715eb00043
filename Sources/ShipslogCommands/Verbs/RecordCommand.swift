#if Network
    import ArgumentParser
    import EventLedger
    import Foundation
    import KubernetesClient
    import Recording
    import RolloutModel

    /// `shipslog record`: records a live cluster.
    struct RecordCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "record",
            abstract: "Record a live cluster until stopped.",
            discussion: """
                Watches Deployments, ReplicaSets, Pods, Services, EndpointSlices and Events, and HTTPRoutes where the \
                cluster has them, and appends what happens. It only reads. Stopped or killed and started again, it goes \
                on where it was; what the API server cannot tell any more is recorded as a gap. The ledger is made if it \
                is not there.

                With a selector, Deployments, Services, HTTPRoutes and bare pods are chosen by their own labels, and what \
                they own goes with them. A change of labels with which one ceases to match is the last thing recorded of \
                it; one that begins to match is recorded from then on, and what it owns already as soon as that changes.

                Examples:
                  shipslog record -n shop
                  shipslog record -n shop -n cart --cluster prod
                  shipslog record -n shop -l 'app in (web,cart)'
                  shipslog record --all-namespaces --context prod --readiness-file /run/shipslog/ready
                """
        )

        @OptionGroup var namespaces: NamespaceArguments

        @Option(
            name: [.customShort("l"), .long],
            help: ArgumentHelp(
                "Only subjects whose labels match: app=web, 'env in (prod,test)', '!track'.", valueName: "selector"))
        var selector: String?

        @Option(help: "What the cluster is called in the ledger; if not given, as the context is.")
        var cluster: String?

        @Option(
            help: ArgumentHelp(
                "A file that is there as long as everything is being recorded, for supervisors.", valueName: "file"),
            completion: .file())
        var readinessFile: String?

        @Flag(name: .shortAndLong, help: "Say nothing while recording.")
        var quiet = false

        @OptionGroup var reached: ClusterArguments
        @OptionGroup var ledger: LedgerArguments

        func validate() throws {
            if let cluster { try ImportRun.validate(cluster: cluster) }
            if let selector { _ = try LabelSelector(selector) }
        }

        func run(in context: CommandContext) async throws {
            let configuration = try reached.configuration(in: context)
            guard let name = cluster ?? configuration.context, StreamName.isValidPart(name) else {
                throw ShipslogError(
                    .invalidArgument, "The context gives the cluster no name that a ledger can use.",
                    hint: "Give it one with --cluster.")
            }
            let namespaces = namespaces.chosen(configuration)
            let client = try KubernetesClient(configuration)
            let ledger = try ledger.openOrCreate(in: context)
            let reporter = LiveReporter(
                context: context, isQuiet: quiet, readinessFile: readinessFile.map(context.absolutePath))
            try await reporter.run {
                try await RecordingSession(
                    client: client, ledger: ledger, cluster: name, namespaces: namespaces, selector: selector,
                    now: context.now)
            }
            try ledger.close()
        }
    }
#endif
