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
            restarted, and must pass the check, if there is one: once they are up, and again before the next step. \
            `shipslog rollout pause`, `resume`, `promote` and `abort` work on it meanwhile, from anywhere.

            With --route, the weights of an HTTPRoute (gateway.networking.k8s.io/v1) share the traffic exactly. The new \
            pods get a Service of their own, NAME-canary for NAME, and the old ones stay until all traffic is the new \
            ones'; then the route names the new Service alone. The pods must differ in a label by which the Service over \
            the old ones selects. With --header or --cookie, requests that have it go to the new pods from the first step \
            on. HTTPRoutes cannot match cookies, so that is a regular expression on the Cookie header, which not every \
            gateway supports.

            Examples:
              shipslog rollout canary --stable deploy/web --image nginx:1.27
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --steps 5%,25%,50%,100% --pause 2m
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --check 'test $(error-rate) -lt 1'
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --prometheus http://prometheus:9090 \
                --query 'sum(rate(http_errors_total[1m])) / sum(rate(http_requests_total[1m]))' --at-most 0.01
              shipslog rollout canary --stable deploy/web --image nginx:1.27 --route web --label app=web-canary \
                --header x-user-group=beta --steps 1%,10%,100%
            """)

    @Option(help: ArgumentHelp("The Deployment that serves.", valueName: "type/name"))
    var stable: String

    @Option(
        help: ArgumentHelp(
            "The Service over both, or with --route, over the first; if not given, the only one over the first.",
            valueName: "name"))
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

    @Option(help: ArgumentHelp("The HTTPRoute whose weights are to share the traffic.", valueName: "name"))
    var route: String?

    @Option(
        help: ArgumentHelp(
            "With --route: requests with this header go to the new pods from the first step on.",
            valueName: "name=value"))
    var header: String?

    @Option(
        help: ArgumentHelp(
            "With --route: requests with this cookie go to the new pods from the first step on.",
            valueName: "name=value"))
    var cookie: String?

    @OptionGroup var checks: CheckArguments

    @OptionGroup var options: RunArguments

    func validate() throws {
        _ = try DeploymentTarget.name(stable)
        if let canary { _ = try DeploymentTarget.name(canary) }
        _ = try BlueGreenCommand.pair(label)
        if route == nil, header != nil || cookie != nil {
            throw ValidationError("--header and --cookie need --route: only an HTTPRoute can tell requests apart.")
        }
        if header != nil, cookie != nil { throw ValidationError("--header and --cookie exclude each other.") }
        _ = try match()
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
            restartLimit: maxRestarts, check: checks.wanted, route: route, match: try match())
    }

    private func match() throws -> Canary.Route.Match? {
        if let header {
            let (name, value) = try BlueGreenCommand.pair(header)
            return Canary.Route.Match(header: name, value: value)
        }
        return try cookie.map { cookie in
            let (name, value) = try BlueGreenCommand.pair(cookie)
            return Canary.Route.Match(cookie: name, value: value)
        }
    }
}

extension Canary.Route.Match {
    /// Of requests with a cookie, beside which there may be others.
    fileprivate init(cookie: String, value: String) {
        func escaped(_ text: String) -> String {
            text.map { #"\.+*?()|[]{}^$"#.contains($0) ? "\\\($0)" : String($0) }.joined()
        }
        self.init(
            header: "Cookie", value: "^(.*; *)?\(escaped(cookie))=\(escaped(value))( *;.*)?$", isPattern: true)
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
