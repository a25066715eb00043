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
              shipslog rollout rolling deploy/web -f web.yaml --dry-run server
            """)

    @Argument(help: ArgumentHelp("The Deployment: deploy/web.", valueName: "type/name"))
    var target: String

    @OptionGroup var wanted: ManifestArguments

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
        try wanted.require()
        for (name, value) in [("--max-surge", maxSurge), ("--max-unavailable", maxUnavailable)] {
            if let value { try PodShare.validate(value, named: name) }
        }
        if let maxSurge, let maxUnavailable, Self.isNone(maxSurge), Self.isNone(maxUnavailable) {
            throw ValidationError("With --max-surge and --max-unavailable both 0 no pod could ever be replaced.")
        }
    }

    private static func isNone(_ text: String) -> Bool { text == "0" || text == "0%" }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        try await DeploymentTarget(try DeploymentTarget.name(target), session).change(to: wanted) { strategy in
            strategy.type = "RollingUpdate"
            strategy.maxSurge = maxSurge ?? strategy.maxSurge ?? "25%"
            strategy.maxUnavailable = maxUnavailable ?? strategy.maxUnavailable ?? "25%"
            if let minReady { strategy.minReadySeconds = minReady.seconds }
            if let progressDeadline { strategy.progressDeadlineSeconds = progressDeadline.seconds }
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

    @OptionGroup var wanted: ManifestArguments
    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try DeploymentTarget.name(target)
        try wanted.require()
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        try await DeploymentTarget(try DeploymentTarget.name(target), session).change(to: wanted) { strategy in
            strategy.type = "Recreate"
            strategy.maxSurge = nil
            strategy.maxUnavailable = nil
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
            Secrets and Services stay as they are. A Deployment that was deleted is made again. A Service is switched \
            back as by `blue-green --back`.

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
            return try await ServiceTarget.bringBack(service, ServiceTarget.Wish(), options, in: context)
        }
        let session = try await RunSession(options, in: context)
        try await DeploymentTarget(try DeploymentTarget.name(target), session).rollBack(to: to)
    }
}
