import ArgumentParser
import Recording
import RolloutModel

/// `shipslog import audit`: records what audit logs tell, and who did it.
struct ImportAuditCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Record audit logs, and who did what they tell.",
        discussion: """
            Reads audit.k8s.io/v1 as JSON lines, plain or compressed by gzip: the parts of one log, or those of several API \
            servers. Alone, the answers to writes tell the rollouts; beside watch streams of the same cluster the log adds \
            who did what. Importing the same log again appends nothing. A line that is no audit event is reported, and the \
            rest still goes in. The ledger is made if it is not there.

            Examples:
              shipslog import audit audit.log --cluster prod
              shipslog import audit audit-*.log.gz --cluster prod
              ssh node1 cat /var/log/kubernetes/audit.log | shipslog import audit - --cluster prod
            """
    )

    @Argument(help: "The files; - is standard input.", completion: .file())
    var files: [String]

    @Option(help: "What the cluster is called in the ledger.")
    var cluster: String

    @Flag(help: "Append nothing at all if a line is broken.")
    var strict = false

    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws { try ImportRun.validate(cluster: cluster) }

    func run(in context: CommandContext) async throws {
        try await ImportRun(files: files, ledger: ledger, output: output).run(in: context) {
            paths, ledger, append, progress in
            let calls = try await OwnCalls(in: ledger).events()
            let audit = try await AuditImport(paths: paths, cluster: cluster, isStrict: strict, calls: calls)
                .run(append: append, progress: progress)
            return ImportItem(summary: audit.lines, audit: audit, cluster: cluster)
        }
    }
}

extension AuditImport.Summary {
    /// What it has in common with the summary of watch streams.
    fileprivate var lines: WatchImport.Summary {
        var summary = WatchImport.Summary()
        summary.lines = entries
        summary.events = events
        summary.brokenLineCount = brokenLineCount
        summary.brokenLines = brokenLines
        summary.emptyFiles = emptyFiles
        summary.refusals = refusals
        return summary
    }
}
