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
        let stableName = try DeploymentTarget.name(stable)
        let plan = try await plan(session, stableName)
        let first: RolloutAction =
            plan.canary.manifest.map { .create(.deployments, name: plan.canary.name, manifest: $0) }
            ?? .scale(
                deployment: plan.canary.name, uid: plan.canary.existing?.uid ?? "",
                replicas: plan.pods(atWeight: plan.steps[0]).canary)
        try await session.carryOut(
            RolloutPlan(.canary(plan), onFailure: options.onFailure, timeoutSeconds: options.timeoutSeconds),
            of: session.stream("deployment", stableName), first: first)
    }

    /// What is asked for.
    func plan(_ session: RunSession, _ stableName: String) async throws -> Canary {
        let deployment = try await session.object(.deployments, stableName)
        try await session.refuseShared(deployment, stableName)
        let canaryName = try canary.map(DeploymentTarget.name) ?? DeploymentTwin.otherTrack(of: stableName)
        guard canaryName != stableName else {
            throw ShipslogError(.invalidArgument, "deploy/\(stableName) cannot take over from itself.")
        }
        let replicas = Int(deployment["spec"]?["replicas"]?.integer ?? 1)
        guard replicas > 0 else {
            throw ShipslogError(.conflict, "deploy/\(stableName) has no pods, so there is no traffic to take over.")
        }
        let candidate: Candidate
        let template: JSONValue
        if let existing = try await session.place.cluster.get(
            .deployments, canaryName, namespace: session.place.namespace)
        {
            candidate = try session.candidate(existing, canaryName, images, reason: options.reason)
            template = candidate.existing?.target.template ?? [:]
        } else {
            let pair = try BlueGreenCommand.pair(label)
            let manifest = try DeploymentTwin.manifest(
                of: deployment, name: canaryName, labels: [pair.key: pair.value]
            ) { $0 = try images.applied(to: $0) }
            candidate = Candidate(name: canaryName, manifest: manifest)
            template = manifest["spec"]?["template"] ?? [:]
        }
        let service = try await service(over: deployment, stableName, and: template, canaryName, session)
        // At each step the new pods come before the old ones go.
        try await session.checkCapacity(for: template, count: 1)
        return Canary(
            stable: Incumbent(
                name: stableName, uid: deployment["metadata"]?["uid"]?.string ?? "", replicas: replicas),
            canary: candidate, service: service, steps: steps.weights, pauseSeconds: pause.seconds,
            restartLimit: maxRestarts, check: check)
    }

    /// The Service whose traffic both Deployments share.
    private func service(
        over stable: JSONValue, _ stableName: String, and template: JSONValue, _ canaryName: String,
        _ session: RunSession
    ) async throws -> String {
        func isSelected(_ labels: [String: String], by service: JSONValue) -> Bool {
            let selector = (service["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
            return !selector.isEmpty && selector.allSatisfy { labels[$0] == $1 }
        }
        let labels = Template.labels(stable["spec"]?["template"] ?? [:])
        var name = service
        if name == nil {
            let names = try await session.place.cluster.list(
                ClusterSelection(.services, namespace: session.place.namespace)
            ).filter { isSelected(labels, by: $0) }.compactMap { $0["metadata"]?["name"]?.string }
            guard names.count == 1 else {
                throw ShipslogError(
                    .invalidArgument,
                    names.isEmpty
                        ? "No Service selects the pods of deploy/\(stableName), so it has no traffic to share."
                        : "Several Services select the pods of deploy/\(stableName): \(names.joined(separator: ", ")).",
                    hint: names.isEmpty ? nil : "Say which one is meant with --service.")
            }
            name = names[0]
        }
        let service = try await session.object(.services, name ?? "")
        for (deployment, labels) in [(stableName, labels), (canaryName, Template.labels(template))]
        where !isSelected(labels, by: service) {
            throw ShipslogError(
                .invalidArgument, "svc/\(name ?? "") does not select the pods of deploy/\(deployment).",
                hint: "The Service must select by labels that both have.")
        }
        return name ?? ""
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
