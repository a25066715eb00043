import ArgumentParser
import RolloutModel

/// The options of everything that carries out a rollout.
struct RunArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "The namespace; if not given, that of the context.")
    var namespace: String?

    @Option(help: ArgumentHelp("What the cluster is called in the ledger; else as its context.", valueName: "name"))
    var cluster: String?

    @Option(help: ArgumentHelp("Why: kept with the run, and as its change-cause.", valueName: "text"))
    var reason: String?

    @Option(
        defaultAsFlag: "",
        help: ArgumentHelp(
            "Carry it out on a cluster in memory: with the objects and pod behaviours of a file to begin with, and from then on as the ledger knows it.",
            valueName: "file"),
        completion: .file())
    var simulation: String?

    @Option(
        help: ArgumentHelp(
            "How long it may take until it counts as failed, such as 5m; else the progress deadline decides.",
            valueName: "duration"))
    var timeout: DurationArgument?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Whether to wait until it is done; if not, it is left where there is only to wait, for `shipslog resume`."))
    var wait = true

    @Option(
        help: ArgumentHelp(
            "What to do when it fails: rollback, pause or abort.", valueName: "action"))
    var onFailure: RolloutPlan.OnFailure = .rollback

    @Option(
        help: ArgumentHelp(
            "Only say what would be asked of the API server (client), have each call checked there too (server), or also tell how it ends on a copy in memory where all pods come up (simulation).",
            valueName: "client|server|simulation"))
    var dryRun: DryRunArgument?

    @Flag(help: "Also change what Helm, Argo CD or Flux looks after.")
    var force = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    #if Network
        @OptionGroup var reached: ClusterArguments
    #endif
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try ledger.refuseBundle()
        if let cluster { try ImportRun.validate(cluster: cluster) }
        if let timeout, timeout.duration < .seconds(1) { throw ValidationError("--timeout must be at least 1s.") }
    }

    var timeoutSeconds: Int? { timeout?.seconds }
}

/// How far a dry run goes.
enum DryRunArgument: String, CaseIterable, ExpressibleByArgument {
    case client, server, simulation
}

extension RolloutPlan.OnFailure: ExpressibleByArgument {}

/// A length of time as people write it: `30s`, `5m`, `1h30m`.
struct DurationArgument: ExpressibleByArgument {
    var duration: Duration

    init(seconds: Int64) { duration = .seconds(seconds) }

    var seconds: Int { Int(duration.components.seconds) }

    var defaultValueDescription: String { TimeText.duration(Double(seconds)) }

    init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.duration = duration
    }
}
