#if Network
    import ArgumentParser
    import KubernetesClient
    import Replay
    import RolloutModel

    /// `shipslog replay clean`: removes what replays left on a cluster.
    struct ReplayCleanCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "clean",
            abstract: "Remove what replays left on a cluster: those that were killed, or told to keep it.",
            discussion: """
                Finds the namespaces, nodes and objects that a replay of shipslog made, by their mark and by what the API \
                server notes of who made them, and removes them. Nothing else is touched. A replay that still goes on \
                loses its stage.

                Examples:
                  shipslog replay clean --context test
                  shipslog replay clean x7k2p --context test
                """
        )

        @Argument(help: ArgumentHelp("Of which replay; else of all.", valueName: "replay"))
        var replay: String?

        @Option(
            name: .shortAndLong,
            help: "Only of what was replayed in this namespace, where one may not look for it everywhere.")
        var namespace: String?

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @OptionGroup var reached: ClusterArguments
        @OptionGroup var output: OutputOptions

        func run(in context: CommandContext) async throws {
            let cluster = LiveCluster(try KubernetesClient(reached.configuration(in: context)))
            let left = try await ReplayLeftovers.find(on: cluster, of: replay, in: namespace.map { [$0] })
            let items = left.objects.map { LeftoverItem(object: $0) }
            try Printer(context: context, options: output).print(items, nothing: "No replay left anything.")
            guard !items.isEmpty else { return }
            if context.isNoticesTerminal, !yes { try context.confirm("Remove all of it?") }
            try await left.remove(from: cluster)
            if !output.quiet { try context.notice("Removed.") }
        }
    }

    /// An object that a replay left, as `replay clean` lists it.
    struct LeftoverItem: Printable {
        var object: ReplayLeftovers.Object

        var namespace: String { object.namespace ?? "" }
        var name: String { "\(object.resource.kind.lowercased())/\(object.name)" }

        static func columns(_ style: TextStyle) -> [Column<LeftoverItem>] {
            [
                Column("NAME") { StyledText($0.name) }, Column("IN") { StyledText($0.object.namespace ?? "<none>") },
                Column("REPLAY") { StyledText($0.object.mark.id) }, Column("OF") { StyledText($0.object.mark.name) },
                Column("MADE") { item in item.object.createdAt.map { style.moment($0) } ?? "<unknown>" },
            ]
        }

        var document: JSONValue {
            .object([
                "createdAt": object.createdAt.map { .time($0) } ?? .null,
                "kind": .string(object.resource.kind.lowercased()), "name": .string(object.name),
                "namespace": .text(object.namespace), "of": .string(object.mark.name),
                "replay": .string(object.mark.id),
            ])
        }
    }
#endif
