import ArgumentParser
import EventLedger
import Foundation
import Recording
import RolloutModel

/// `shipslog import`: records what was saved elsewhere.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Record what was saved from a cluster.",
        subcommands: [ImportWatchCommand.self, ImportAuditCommand.self, ImportLedgerCommand.self]
    )
}

/// `shipslog import watch`: records saved watch streams.
struct ImportWatchCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Record saved watch streams: one JSON object a line.",
        discussion: """
            Streams that were captured side by side belong on one command line: they are merged by resourceVersion. \
            Importing the same streams again appends nothing. A line that is no watch event is reported, and the rest still \
            goes in. The ledger is made if it is not there.

            Examples:
              kubectl get --raw '/apis/apps/v1/deployments?watch=1' > deployments.watch.jsonl
              shipslog import watch *.watch.jsonl --cluster prod
              shipslog import watch - --cluster prod < pods.watch.jsonl
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
        try await ImportRun(files: files, history: cluster, ledger: ledger, output: output).run(in: context) {
            paths, _, append, progress in
            let summary = try await WatchImport(paths: paths, cluster: cluster, isStrict: strict)
                .run(append: append, progress: progress)
            return ImportItem(summary: summary, cluster: cluster)
        }
    }
}

/// What came of an import.
struct ImportItem: Printable {
    var summary: WatchImport.Summary
    /// What only an audit log tells.
    var audit: AuditImport.Summary?
    /// Events that the ledger did not know before.
    var appended = 0
    var cluster: String

    var namespace: String { "" }
    var name: String { cluster }

    static func columns(_ style: TextStyle) -> [Column<ImportItem>] { [] }

    /// What to tell beside the answer.
    var warnings: [String] {
        let untold = summary.brokenLineCount - summary.brokenLines.count
        let ignored = summary.ignoredKinds.sorted { $0.key < $1.key }
        let unjoined = audit?.unjoined ?? 0
        return summary.brokenLines.map(\.description)
            + (untold > 0 ? ["\(Plural.of(untold, "more line")) could not be taken in."] : [])
            + summary.emptyFiles.map { "\($0) holds no line." }
            + summary.refusals
            + ignored.map { "\($0.value) objects of kind \($0.key) were passed over." }
            + (unjoined > 0 ? ["Of \(Plural.of(unjoined, "change")) the log does not hold what came of it."] : [])
    }

    var line: StyledText {
        let known = summary.events - appended
        let knownText = known > 0 ? ", \(known) known already" : ""
        let what = Plural.of(summary.lines, audit == nil ? "watch event" : "audit event")
        return
            "Imported \(what) of cluster \(cluster): \(Plural.of(appended, "event")) appended\(knownText)."
    }

    var document: JSONValue {
        var document = JSONValue.object([
            "appended": .whole(appended),
            "brokenLineCount": .whole(summary.brokenLineCount),
            "brokenLines": .array(
                summary.brokenLines.map {
                    .object(["line": .whole($0.line), "path": .string($0.path), "reason": .string($0.reason)])
                }),
            "cluster": .string(cluster),
            "emptyFiles": .texts(summary.emptyFiles),
            "events": .whole(summary.events),
            "ignoredKinds": .object(summary.ignoredKinds.mapValues { .whole($0) }),
            "known": .whole(summary.events - appended),
            "lines": .whole(summary.lines),
        ])
        if let audit {
            document["attributions"] = .whole(audit.attributions)
            document["changes"] = .whole(audit.changes)
            document["unjoined"] = .whole(audit.unjoined)
        }
        return document
    }
}
