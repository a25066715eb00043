#if Network
    import ArgumentParser
    import KubernetesClient
    import PretendNodes
    import RolloutModel

    /// `shipslog nodes`: stands in for the nodes of a cluster.
    struct NodesCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "nodes", abstract: "Stand in for the nodes of a cluster.", subcommands: [PretendCommand.self])
    }

    /// `shipslog nodes pretend`: gives a control plane without nodes what its pods need to live.
    struct PretendCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "pretend",
            abstract: "Pretend to be nodes, and play the lives of pods on them until stopped.",
            discussion: """
                For control planes without nodes: it makes nodes, binds every pod of the namespaces that has no node to one \
                of them, and writes the status that a kubelet would. How pods live is in the behaviours file; without \
                one they are ready at once. `shipslog schema behaviours` prints its format. With equal seeds, pod number \
                n of a revision lives the same. A node that shipslog did not make, and pods on one, are never touched. \
                The nodes are deleted at the end.

                Examples:
                  shipslog nodes pretend -n shop
                  shipslog nodes pretend -A --nodes 3 --behaviours behaviours.yaml --seed 7
                  shipslog nodes pretend -n shop --prefix shop-node- --keep
                """
        )

        @OptionGroup var namespaces: NamespaceArguments

        @Option(help: ArgumentHelp("How many nodes.", valueName: "number"))
        var nodes = 3

        @Option(help: "What the names of the nodes begin with.")
        var prefix = "pretend-"

        @Option(
            help: ArgumentHelp("How pods live, in YAML or JSON; - is standard input.", valueName: "file"),
            completion: .file())
        var behaviours: String?

        @Option(help: ArgumentHelp("Where chance begins, in place of the file's seed.", valueName: "number"))
        var seed: UInt64?

        @Flag(help: "Leave the nodes behind at the end; the next run takes them over.")
        var keep = false

        @Option(
            help: ArgumentHelp(
                "A file that is there as long as the nodes are, for supervisors.", valueName: "file"),
            completion: .file())
        var readinessFile: String?

        @Flag(name: .shortAndLong, help: "Say nothing meanwhile.")
        var quiet = false

        @OptionGroup var reached: ClusterArguments

        func validate() throws {
            guard (1...PretendNode.limit).contains(nodes) else {
                throw ValidationError("--nodes must be from 1 to \(PretendNode.limit).")
            }
            guard prefix.wholeMatch(of: /[a-z0-9][a-z0-9.-]{0,199}/) != nil else {
                throw ValidationError("--prefix must be of lower-case letters, digits, - and ., as names of nodes are.")
            }
        }

        func run(in context: CommandContext) async throws {
            let behaviours = try chosenBehaviours(in: context)
            let configuration = try reached.configuration(in: context)
            let namespaces = namespaces.chosen(configuration)
            let client = try KubernetesClient(configuration)
            let nodes = PretendNode.numbered(nodes, prefix: prefix)
            let reporter = LiveReporter(
                context: context, isQuiet: quiet, readinessFile: readinessFile.map(context.absolutePath))
            try await reporter.run {
                Pretender(
                    client: client, nodes: nodes, namespaces: namespaces, behaviours: behaviours, keepsNodes: keep,
                    now: context.now)
            }
        }

        private func chosenBehaviours(in context: CommandContext) throws -> PodBehaviours {
            var chosen = PodBehaviours()
            if let behaviours {
                chosen = try YAMLInput.behaviours(at: behaviours == "-" ? "-" : context.absolutePath(behaviours))
            }
            chosen.seed = seed ?? chosen.seed
            return chosen
        }
    }
#endif
