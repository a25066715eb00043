import ArgumentParser
import EventLedger
import Foundation
import RolloutModel

/// What every import does around the reading: opens the ledger, shows how far it is, and tells what came of it.
struct ImportRun {
    var files: [String]
    /// The cluster whose history is imported; `nil` if what is imported is about a history that may be there.
    var history: String?
    var ledger: LedgerArguments
    var output: OutputOptions

    static func validate(cluster: String) throws {
        guard StreamName.isValidPart(cluster) else {
            throw ValidationError("--cluster must be a name without slashes and control characters.")
        }
    }

    /// Imports, and prints what came of it.
    ///
    /// - Parameter body: Reads the files at the paths, appends to the ledger what they tell, and says how many bytes it
    ///   has read.
    func run(
        in context: CommandContext,
        _ body: (
            _ paths: [String], _ ledger: Ledger, _ append: @escaping @Sendable ([Event]) async throws -> Void,
            _ progress: (Int) -> Void
        ) async throws -> ImportItem
    ) async throws {
        let ledger = try ledger.openOrCreate(in: context)
        let paths = files.map { $0 == "-" ? $0 : context.absolutePath($0) }
        let before = try ledger.head().size
        let lateness = try await Lateness(in: ledger, of: history)
        let bar = ProgressBar("importing", in: context, quiet: output.quiet)
        defer { bar.finish() }
        let total = totalSize(of: paths)
        var item = try await body(paths, ledger) { events in
            await lateness.note(events, at: try await ledger.append(events))
        } _: {
            bar.update(Int64($0), of: total)
        }
        bar.finish()
        item.appended = Int(try ledger.head().size.rawValue - before.rawValue)
        try ledger.close()
        let printer = Printer(context: context, options: output)
        for warning in item.warnings + (await lateness.warnings) { try printer.notice("warning: \(warning)") }
        let line = item.line
        try printer.print(item) { [line] }
    }

    /// In bytes; 0 if it cannot be known beforehand.
    private func totalSize(of paths: [String]) -> Int64 {
        paths.reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }
}

/// Notices what is recorded after what it came before: a history is told in the order in which it was recorded.
private actor Lateness {
    private let head: Position
    private let cluster: String?
    /// When the newest happened that the ledger knows of the cluster; `nil` if it knows nothing of it.
    private let newest: Timestamp?
    private var count = 0

    /// - Parameter cluster: Whose history it is about; `nil` for none.
    init(in ledger: Ledger, of cluster: String?) async throws {
        self.cluster = cluster
        head = try ledger.head().size
        var newest: Timestamp?
        let isKnown = try cluster.map { try !ledger.streams(cluster: $0, namespace: nil, kind: nil, name: nil).isEmpty }
        if isKnown == true {
            for try await event in ledger.events(EventQuery(isBackwards: true))
            where event.event.stream.cluster == cluster {
                newest = event.event.occurredAt
                break
            }
        }
        self.newest = newest
    }

    func note(_ events: [Event], at positions: [Position]) {
        guard let newest else { return }
        // Who did something is often told later than that it was done.
        count += zip(events, positions).count { event, position in
            position > head && event.occurredAt < newest && event.type != EventType(rawValue: "actor.attributed")
        }
    }

    var warnings: [String] {
        guard let newest, let cluster, count > 0 else { return [] }
        let events = count == 1 ? "1 event happened" : "\(count) events happened"
        return [
            "\(events) before \(newest.rfc3339), up to when the ledger knew \(cluster), and are told after what it knew: to have them in their order, import what is older first, into a new ledger."
        ]
    }
}
