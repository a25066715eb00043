import ArgumentParser
import EventLedger
import RolloutEngine
import RolloutModel

/// `shipslog rollout`: carries rollouts out.
struct RolloutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Carry out a rollout, and write down each step before and after it is done.",
        discussion: """
            Whatever happens to this process or this machine meanwhile, `shipslog resume` finds out how far a \
            rollout got and goes on with it.
            """,
        subcommands: [
            RollingCommand.self, RecreateCommand.self, BlueGreenCommand.self, CanaryCommand.self, RollbackCommand.self,
            ReplaceCommand.self, PauseCommand.self, ContinueCommand.self, PromoteCommand.self, AbortCommand.self,
            RetryCommand.self,
        ])
}

/// `shipslog rollout rolling`: new pods up, old pods down, by the Deployment controller.
struct RollingCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rolling",
        abstract: "Give a Deployment another image, and watch its pods being replaced a few at a time.",
        discussion: """
            It fails as soon as Kubernetes has tried in vain (an image that cannot be pulled, a crash loop, a quota), \
            without waiting for the progress deadline, and then brings back what was there before.

            Examples:
              shipslog rollout rolling deploy/web --image web=nginx:1.27
              shipslog rollout rolling deploy/web --image nginx:1.27 --max-surge 1 --max-unavailable 0
              shipslog rollout rolling deploy/web --image nginx:1.27 --dry-run server
            """)

    @Argument(help: ArgumentHelp("The Deployment: deploy/web.", valueName: "type/name"))
    var target: String

    @OptionGroup var images: ImageArguments

    @Option(help: ArgumentHelp("How many pods more than wanted there may be: 2, or 25%.", valueName: "number"))
    var maxSurge: String?

    @Option(help: ArgumentHelp("How many pods fewer than wanted may be available: 0, or 25%.", valueName: "number"))
    var maxUnavailable: String?

    @Option(
        help: ArgumentHelp(
            "How long a pod must be ready to count as available, such as 10s.", valueName: "duration"))
    var minReady: DurationArgument?

    @Option(
        help: ArgumentHelp("How long nothing may get on until it counts as failed.", valueName: "duration"))
    var progressDeadline: DurationArgument?

    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try DeploymentTarget.name(target)
        try images.require()
        for (name, value) in [("--max-surge", maxSurge), ("--max-unavailable", maxUnavailable)] {
            guard let value else { continue }
            let digits = value.hasSuffix("%") ? value.dropLast() : value[...]
            guard let number = Int(digits), number >= 0, !value.hasSuffix("%") || number <= 100 else {
                throw ValidationError(
                    "\(name) must be a number of pods or a percentage up to 100%, not \"\(value)\".")
            }
        }
        if let maxSurge, let maxUnavailable, Self.isNone(maxSurge), Self.isNone(maxUnavailable) {
            throw ValidationError("With --max-surge and --max-unavailable both 0 no pod could ever be replaced.")
        }
    }

    private static func isNone(_ text: String) -> Bool { text == "0" || text == "0%" }

    func run(in context: CommandContext) async throws {
        try await DeploymentTarget(target, options, in: context).change { shape in
            shape.template = try images.applied(to: shape.template)
            let before = shape.strategy
            shape.strategy.type = "RollingUpdate"
            shape.strategy.maxSurge = maxSurge ?? before.maxSurge ?? "25%"
            shape.strategy.maxUnavailable = maxUnavailable ?? before.maxUnavailable ?? "25%"
            if let minReady { shape.strategy.minReadySeconds = minReady.seconds }
            if let progressDeadline {
                shape.strategy.progressDeadlineSeconds = progressDeadline.seconds
            }
        }
    }
}

/// `shipslog rollout recreate`: all old pods down, then the new ones up.
struct RecreateCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "recreate",
        abstract: "Give a Deployment another image: all old pods go, then the new ones come.",
        discussion: """
            Old and new pods never run side by side, so nothing serves meanwhile.

            Examples:
              shipslog rollout recreate deploy/web --image nginx:1.27
            """)

    @Argument(help: ArgumentHelp("The Deployment: deploy/web.", valueName: "type/name"))
    var target: String

    @OptionGroup var images: ImageArguments
    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try DeploymentTarget.name(target)
        try images.require()
    }

    func run(in context: CommandContext) async throws {
        try await DeploymentTarget(target, options, in: context).change { shape in
            shape.template = try images.applied(to: shape.template)
            shape.strategy.type = "Recreate"
            shape.strategy.maxSurge = nil
            shape.strategy.maxUnavailable = nil
        }
    }
}

/// `shipslog rollout rollback`: back to any revision that the ledger knows.
struct RollbackCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring a Deployment back to an earlier revision, or a Service to what it selected before.",
        discussion: """
            The pod template comes from the ledger, also if Kubernetes has forgotten it. Replicas, strategy, ConfigMaps, \
            Secrets and Services stay as they are. A Service is switched back as by `blue-green --back`.

            Examples:
              shipslog rollout rollback deploy/web
              shipslog rollout rollback deploy/web --to 2
              shipslog rollout rollback svc/shop
            """)

    @Argument(help: ArgumentHelp("The Deployment or Service: deploy/web, svc/shop.", valueName: "type/name"))
    var target: String

    @Option(
        help: ArgumentHelp(
            "The revision, as `shipslog history` numbers it; else the newest other one whose rollout succeeded.",
            valueName: "revision"))
    var to: Int?

    @OptionGroup var options: RunArguments

    func validate() throws {
        if try service() == nil {
            _ = try DeploymentTarget.name(target)
        } else if to != nil {
            throw ValidationError("A Service goes back to what it selected before: --to is for Deployments.")
        }
        if let to, to < 1 { throw ValidationError("--to must be at least 1.") }
    }

    /// The name of the Service, if it is one.
    private func service() throws -> String? {
        let subject = try SubjectArgument([target])
        return subject.kind == "service" ? subject.name : nil
    }

    func run(in context: CommandContext) async throws {
        if let service = try service() {
            return try await ServiceTarget.bringBack(service, ServiceTarget.Return(), options, in: context)
        }
        try await DeploymentTarget(target, options, in: context).rollBack(to: to)
    }
}

/// `shipslog rollout replace`: a pod without a controller is deleted and made again.
struct ReplaceCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Delete a pod that has no controller, make it again with another image, and check it.",
        discussion: """
            If the new pod fails or is not ready in time, it goes and the old one is made again.

            Examples:
              shipslog rollout replace pod/batch --image worker=busybox:1.37
            """)

    @Argument(help: ArgumentHelp("The pod: pod/batch.", valueName: "type/name"))
    var target: String

    @OptionGroup var images: ImageArguments
    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try name()
        try images.require()
    }

    private func name() throws -> String {
        let subject = try SubjectArgument([target])
        guard subject.kind == "pod", let name = subject.name else {
            throw ValidationError("\"\(target)\" is no pod: name it pod/batch.")
        }
        return name
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        let name = try name()
        let pod = try await session.object(.pods, name)
        if let owner = pod["metadata"]?["ownerReferences"]?.array?.first(where: { $0["controller"] == true }) {
            throw ShipslogError(
                .invalidArgument,
                "pod/\(name) belongs to \(owner["kind"]?.string ?? "a controller") \(owner["name"]?.string ?? ""), which would make it again.",
                hint: "Roll out what owns it: shipslog rollout rolling deploy/NAME --image …")
        }
        let uid = pod["metadata"]?["uid"]?.string ?? ""
        let origin = PodManifest.manifest(of: pod)
        var target = origin
        target["spec"] = try images.applied(toSpec: origin["spec"] ?? [:])
        let stream = session.stream("pod", name)
        try await session.carryOut(
            RolloutPlan(
                .pod(PodReplacement(uid: uid, target: target, origin: origin)), onFailure: options.onFailure,
                timeoutSeconds: options.timeoutSeconds),
            of: stream, first: .delete(.pods, name: name, uid: uid))
    }
}

/// `shipslog resume`: goes on with what was interrupted.
struct ResumeCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with rollouts whose runner was stopped or died.",
        discussion: """
            The ledger says what was meant, the cluster what was done; nothing is done twice.

            Examples:
              shipslog resume
              shipslog resume deploy/web
            """)

    @Argument(help: ArgumentHelp("Only of this subject: deploy/web.", valueName: "type/name"))
    var target: String?

    @OptionGroup var options: RunArguments

    func validate() throws { if let target { _ = try SubjectArgument([target]) } }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context, isNew: false)
        let ledger = try options.ledger.open(in: context, mode: .readWrite)
        let subject = try target.map { try SubjectArgument([$0]) }
        let runs = try await RunCatalog(ledger: ledger).open().filter { run in
            run.stream.cluster == session.place.name && run.stream.namespace == session.place.namespace
                && subject.map { $0.kind == run.stream.kind && $0.name == run.stream.name } ?? true
        }
        if runs.isEmpty {
            try context.notice("No rollouts to resume in \(session.place.namespace) of \(session.place.name).")
        }
        for run in runs { try await session.resume(run, in: ledger) }
        try ledger.close()
    }
}
