import ArgumentParser
import Replay
import RolloutModel

/// The options that say what is changed about a rollout.
struct VariantArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How many pods more than wanted there may be: 2, or 25%.", valueName: "number"))
    var maxSurge: String?

    @Option(help: ArgumentHelp("How many pods fewer than wanted may be available: 0, or 25%.", valueName: "number"))
    var maxUnavailable: String?

    @Option(help: ArgumentHelp("How long a pod must be ready to count as available.", valueName: "duration"))
    var minReady: DurationArgument?

    @Option(help: ArgumentHelp("How long nothing may get on until it counts as failed.", valueName: "duration"))
    var progressDeadline: DurationArgument?

    @Option(help: ArgumentHelp("How many pods are wanted.", valueName: "number"))
    var replicas: Int?

    @Option(help: ArgumentHelp("By which procedure: rolling, recreate, blue-green or canary.", valueName: "name"))
    var strategy: Variant.Strategy?

    @Option(
        help: ArgumentHelp(
            "How pods live instead, by the rules of a file; pods that none matches live as recorded.",
            valueName: "file"),
        completion: .file())
    var imageBehaves: String?

    func validate() throws {
        for (name, value) in [(SweepName.maxSurge, maxSurge), (.maxUnavailable, maxUnavailable)] {
            if let value { _ = try name.set(value, of: Variant()) }
        }
        if let replicas { _ = try SweepName.replicas.set(String(replicas), of: Variant()) }
    }

    /// What is changed.
    ///
    /// - Throws: As `YAMLInput.behaviours(at:)`.
    func variant(in context: CommandContext) throws -> Variant {
        var variant = Variant()
        variant.maxSurge = maxSurge
        variant.maxUnavailable = maxUnavailable
        variant.minReadySeconds = minReady?.seconds
        variant.progressDeadlineSeconds = progressDeadline?.seconds
        variant.replicas = replicas
        variant.strategy = strategy
        if let imageBehaves {
            variant.behaviours = try YAMLInput.behaviours(
                at: imageBehaves == "-" ? "-" : context.absolutePath(imageBehaves))
        }
        return variant
    }
}

extension Variant.Strategy: ExpressibleByArgument {}

/// What can be swept over: the names of the options.
enum SweepName: String, CaseIterable {
    case maxSurge = "max-surge"
    case maxUnavailable = "max-unavailable"
    case minReady = "min-ready"
    case progressDeadline = "progress-deadline"
    case replicas, strategy

    /// A variant with one thing more changed.
    ///
    /// - Throws: `ValidationError` if the value is none of its kind.
    func set(_ value: String, of variant: Variant) throws -> Variant {
        var variant = variant
        switch self {
        case .maxSurge, .maxUnavailable:
            try PodShare.validate(value, named: rawValue)
            if self == .maxSurge { variant.maxSurge = value } else { variant.maxUnavailable = value }
        case .minReady, .progressDeadline:
            guard let duration = DurationArgument(argument: value) else {
                throw ValidationError("\(rawValue) must be a length of time such as 30s or 5m, not \"\(value)\".")
            }
            if self == .minReady {
                variant.minReadySeconds = duration.seconds
            } else {
                variant.progressDeadlineSeconds = duration.seconds
            }
        case .replicas:
            guard let number = Int(value), (0...10_000).contains(number) else {
                throw ValidationError("replicas must be a number of pods from 0 to 10000, not \"\(value)\".")
            }
            variant.replicas = number
        case .strategy:
            guard let strategy = Variant.Strategy(rawValue: value) else {
                let known = Variant.Strategy.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("strategy must be one of \(known), not \"\(value)\".")
            }
            variant.strategy = strategy
        }
        return variant
    }
}

/// `max-surge=1,2,25%`.
struct SweepArgument: ExpressibleByArgument {
    var name: SweepName
    var values: [String]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let name = SweepName(rawValue: parts[0]) else { return nil }
        self.name = name
        values = parts[1].split(separator: ",").map(String.init)
        guard !values.isEmpty else { return nil }
    }
}
