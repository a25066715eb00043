import ArgumentParser
import RolloutModel

/// The options of what is asked of a run that goes on.
struct RequestArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "The namespace; needed only if rollouts of that name go on in several.")
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "The cluster, by its name in the ledger; needed only if there are several.", valueName: "name"))
    var cluster: String?

    @Option(help: ArgumentHelp("Why: kept with the run.", valueName: "text"))
    var reason: String?

    @OptionGroup var ledger: LedgerArguments

    func validate() throws { try ledger.refuseBundle() }

    /// Whether a stream is the one that is meant.
    func matches(_ stream: StreamName, _ subject: SubjectArgument) -> Bool {
        stream.kind == subject.kind && stream.name == subject.name && stream.cluster == cluster ?? stream.cluster
            && stream.namespace == namespace ?? stream.namespace
    }
}
