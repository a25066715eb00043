import ArgumentParser
import EventLedger
import RolloutEngine
import RolloutModel

/// `shipslog rollout blue-green`: a second Deployment up, then the Service's selector over to it.
struct BlueGreenCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "blue-green",
        abstract: "Bring up a second Deployment, and switch a Service over to it all at once.",
        discussion: """
            The second Deployment is made from the first, unless it is there. The Service's selector must tell the two \
            apart by a label, such as version=blue. Traffic is switched only once all new pods are ready and the check, \
            if there is one, has passed; the old pods are kept for a while, so that --back is a matter of a moment.

            Examples:
              shipslog rollout blue-green --service shop --from deploy/shop-blue --image shop:2.1
              shipslog rollout blue-green --service shop --to deploy/shop-green --preview shop-preview \
                --check http://shop-preview/healthz
              shipslog rollout blue-green --service shop --back
            """)

    @Option(help: ArgumentHelp("The Service that is switched.", valueName: "name"))
    var service: String

    @Option(
        help: ArgumentHelp(
            "The Deployment that serves; if not given, the one that the Service selects.", valueName: "type/name"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "The Deployment that is to serve; if not given, NAME-green for NAME-blue, and back.",
            valueName: "type/name"))
    var to: String?

    @OptionGroup var images: ImageArguments

    @Option(
        help: ArgumentHelp(
            "The label that tells the new pods from the old; if not given, it is taken from the names.",
            valueName: "key=value"))
    var label: String?

    @OptionGroup var checks: CheckArguments

    @Option(
        help: ArgumentHelp(
            "A Service over the new pods alone, to reach them before the switch; made for that time if it is not there.",
            valueName: "name"))
    var preview: String?

    @Option(
        help: ArgumentHelp(
            "How many ready pods the new selector must match before the switch; else all.", valueName: "number"))
    var readyPods: Int?

    @Option(help: ArgumentHelp("How long the old pods are kept after the switch.", valueName: "duration"))
    var keep = DurationArgument(seconds: 600)

    @Flag(help: "Go back: give up the rollout that goes on, or switch to what the Service selected before.")
    var back = false

    @OptionGroup var options: RunArguments

    func validate() throws {
        if let from { _ = try DeploymentTarget.name(from) }
        if let to { _ = try DeploymentTarget.name(to) }
        if let readyPods, readyPods < 1 { throw ValidationError("--ready-pods must be at least 1.") }
        if let label { _ = try Self.pair(label) }
        if let preview, preview == service {
            throw ValidationError("svc/\(service) cannot be its own preview.")
        }
        if back, to != nil || from != nil || !images.images.isEmpty || label != nil {
            throw ValidationError("--back goes to what was there before: give nothing else to go to.")
        }
        if !back, to == nil { try images.require() }
    }

    static func pair(_ label: String) throws -> (key: String, value: String) {
        let parts = label.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("\"\(label)\" is not KEY=VALUE.") }
        return (parts[0], parts[1])
    }

    func run(in context: CommandContext) async throws {
        if back { return try await ServiceTarget.bringBack(service, wish(), options, in: context) }
        let session = try await RunSession(options, in: context)
        let plan = try await ServiceTarget(service, session).plan(wish())
        try await session.carryOut(.blueGreen(plan), of: session.stream("service", service))
    }

    /// What is asked for.
    func wish() throws -> ServiceTarget.Wish {
        ServiceTarget.Wish(
            from: try from.map(DeploymentTarget.name), to: try to.map(DeploymentTarget.name), edit: images.edit,
            label: try label.map(Self.pair), readyPods: readyPods, keepSeconds: keep.seconds,
            check: checks.wanted, preview: preview)
    }
}
