#if Network
    import ArgumentParser
    import Foundation
    import KubernetesClient
    import Replay
    import RolloutModel

    /// The options that say how a plan is performed on a real cluster.
    struct StageArguments: ParsableArguments {
        @Option(
            help: ArgumentHelp("With --to cluster: what the namespaces begin with that it makes.", valueName: "prefix"))
        var namespacePrefix = "replay-"

        @Flag(
            help: "With --to cluster: use the namespaces of the recording; asks for their names before.")
        var inPlace = false

        @Flag(
            help: "With --to cluster: pods live as they did, on nodes that shipslog pretends to be.")
        var reenact = false

        @Option(
            help: ArgumentHelp(
                "With --to cluster: use another image than was recorded; may be repeated.", valueName: "old=new"))
        var mapImage: [String] = []

        @Flag(help: "With --to cluster: leave what it made, until `shipslog replay clean`.")
        var keep = false

        @OptionGroup var reached: ClusterArguments

        func validate() throws {
            guard namespacePrefix.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,30}/) != nil else {
                throw ValidationError(
                    "--namespace-prefix must be of lower-case letters, digits and -, 31 at most, as names of namespaces are."
                )
            }
            _ = try images()
        }

        /// The options that were given and say something only with --to cluster.
        var given: [String] {
            let options: [(Bool, String)] = [
                (inPlace, "--in-place"), (reenact, "--reenact"), (!mapImage.isEmpty, "--map-image"), (keep, "--keep"),
            ]
            return options.filter(\.0).map(\.1)
        }

        private func images() throws -> [String: String] {
            var images: [String: String] = [:]
            for pair in mapImage {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, images.updateValue(parts[1], forKey: parts[0]) == nil else {
                    throw ValidationError("--map-image must be OLD=NEW, each OLD once; \(pair) is not.")
                }
            }
            return images
        }

        /// The plan on the cluster that is meant.
        ///
        /// - Parameters:
        ///   - speed: ``ClusterReplay/speed``.
        ///   - isConfirmed: Whether a person has agreed already to have it made in the namespaces of the recording.
        /// - Throws: ``ShipslogError`` as `ClientConfiguration.load`; with code `invalidArgument` if the images cannot be
        ///   mapped so; `conflict` if a person does not confirm.
        func replay(
            _ plan: ReplayPlan, speed: Double, isConfirmed: Bool, isQuiet: Bool, in context: CommandContext
        ) throws -> ClusterReplay {
            guard reached.context != nil else {
                throw ShipslogError(
                    .invalidArgument, "A replay on a cluster makes objects there, so the cluster has to be named.",
                    hint: "Give --context.")
            }
            var generator = SystemRandomNumberGenerator()
            let mark = ReplayMark(for: plan, using: &generator)
            var plan = try plan.mappingImages(images())
            if reenact { plan = try plan.scheduled(by: ClusterReplay.scheduler(mark)) }
            plan.remarks += remarks(on: plan, speed)
            if inPlace, !isConfirmed { try confirm(plan.namespaces, in: context) }
            let client = try KubernetesClient(reached.configuration(in: context))
            let cluster = LiveCluster(client)
            return ClusterReplay(
                context: context, client: client, cluster: cluster,
                theatre: inPlace
                    ? .inPlace(on: cluster, for: plan, mark: mark)
                    : ClusterTheatre(on: cluster, for: plan, mark: mark, prefix: namespacePrefix),
                plan: plan, speed: speed, isReenacted: reenact, isKept: keep, isQuiet: isQuiet)
        }

        private func remarks(on plan: ReplayPlan, _ speed: Double) -> [String] {
            var remarks: [String] = []
            if speed.isFinite, speed > 1, reenact {
                remarks.append(
                    "Pods live \(speed.formatted()) times as fast, and deadlines are as much shorter, though no less than 10s."
                )
            }
            let needed = reenact ? [] : plan.neededObjects
            if !needed.isEmpty {
                remarks.append("Pods need what the ledger does not keep: \(needed.joined(separator: ", ")).")
            }
            return remarks
        }

        private func confirm(_ namespaces: [String], in context: CommandContext) throws {
            for namespace in namespaces {
                try context.notices.write(
                    "This makes objects in \(TerminalText.escape(namespace)) itself. Type its name to go on: ")
                try context.notices.flush()
                guard readLine() == namespace else {
                    throw ShipslogError(.conflict, "Nothing was done.")
                }
            }
        }
    }

    extension ReplayPlan {
        /// What its pods refer to and no replay makes: `configmap/settings`.
        fileprivate var neededObjects: [String] { Set(podSpecs.flatMap { Self.references(in: $0) }).sorted() }

        private static let referring: [(key: String, name: String, kind: String)] = [
            ("configMap", "name", "configmap"), ("configMapRef", "name", "configmap"),
            ("configMapKeyRef", "name", "configmap"), ("secret", "secretName", "secret"),
            ("secretRef", "name", "secret"), ("secretKeyRef", "name", "secret"),
            ("persistentVolumeClaim", "claimName", "persistentvolumeclaim"),
        ]

        private static func references(in value: JSONValue) -> [String] {
            switch value {
            case .array(let elements): elements.flatMap { references(in: $0) }
            case .object(let members):
                referring.compactMap { key, name, kind in members[key]?[name]?.string.map { "\(kind)/\($0)" } }
                    + members.values.flatMap { references(in: $0) }
            default: []
            }
        }
    }
#endif
