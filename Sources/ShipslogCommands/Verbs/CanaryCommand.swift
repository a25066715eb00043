import ArgumentParser
import EventLedger
import RolloutEngine
import RolloutModel

/// `shipslog rollout canary`: a second Deployment takes over step by step.
struct CanaryCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "canary",
        abstract: "Let new pods take over the traffic of a Service step by step, and go back if they fail.",
        discussion: """
            A second Deployment grows while the first shrinks; the Service over both shares its traffic by their numbers \
            of pods, so 5% of 4 pods is one of them. At each step the new pods must be ready, must not have been \
            restarted, and must pass the check, if there is one. `shipslog rollout pause`, `resume`, `promote` and \
            `abort` work on it meanwhile, from anywhere.

            Examples:
              shipslog rollout canary --stable deploy/web --image nginx:1.27
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --steps 5%,25%,50%,100% --pause 2m
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --check 'test $(error-rate) -lt 1'
            """)

    @Option(help: ArgumentHelp("The Deployment that serves.", valueName: "type/name"))
    var stable: String

    @Option(
        help: ArgumentHelp("The Service over both; if not given, the only one over the first.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp(
            "The Deployment that is to serve; if not given, NAME-canary for NAME, and back.", valueName: "type/name"))
    var canary: String?

    @OptionGroup var images: ImageArguments

    @Option(help: ArgumentHelp("The label that tells the new pods from the old.", valueName: "key=value"))
    var label = "track=canary"

    @Option(
        help: ArgumentHelp(
            "The parts of the traffic that go to the new pods, one after the other.", valueName: "percents"))
    var steps = StepsArgument(weights: [10, 50, 100])

    @Option(help: ArgumentHelp("How long each part is held before the next.", valueName: "duration"))
    var pause = DurationArgument(seconds: 120)

    @Option(help: ArgumentHelp("How often the new pods may be restarted, all together.", valueName: "number"))
    var maxRestarts = 0

    @Option(
        help: ArgumentHelp(
            "A command, or a URL that must answer with 200 to 299, by which the new pods are checked at each step.",
            valueName: "check"))
    var check: String?

    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try DeploymentTarget.name(stable)
        if let canary { _ = try DeploymentTarget.name(canary) }
        _ = try BlueGreenCommand.pair(label)
        if maxRestarts < 0 { throw ValidationError("--max-restarts must be 0 or more.") }
        try images.require()
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        try await CanaryTarget(try DeploymentTarget.name(stable), session).carryOut(wish())
    }

    /// What is asked for.
    func wish() throws -> CanaryTarget.Wish {
        CanaryTarget.Wish(
            canary: try canary.map(DeploymentTarget.name), service: service, edit: { try images.applied(to: $0) },
            label: try BlueGreenCommand.pair(label), steps: steps.weights, pauseSeconds: pause.seconds,
            restartLimit: maxRestarts, check: check)
    }
}

/// The steps of a canary as people write them: `5%,25%,50%,100%`.
struct StepsArgument: ExpressibleByArgument {
    /// Rising, from 1 to 100; the last is 100.
    var weights: [Int]

    init(weights: [Int]) { self.weights = weights }

    init?(argument: String) {
        var weights: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = part.hasSuffix("%") ? part.dropLast() : part
            guard let weight = Int(digits), (1...100).contains(weight), weight > weights.last ?? 0 else { return nil }
            weights.append(weight)
        }
        if weights.last != 100 { weights.append(100) }
        self.weights = weights
    }

    var defaultValueDescription: String { weights.map { "\($0)%" }.joined(separator: ",") }
}
