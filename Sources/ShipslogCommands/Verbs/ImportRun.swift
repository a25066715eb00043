import ArgumentParser
import EventLedger
import Foundation
import RolloutModel

/// What every import does around the reading: opens the ledger, shows how far it is, and tells what came of it.
struct ImportRun {
    var files: [String]
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
        let bar = ProgressBar("importing", in: context, quiet: output.quiet)
        defer { bar.finish() }
        let total = totalSize(of: paths)
        var item = try await body(paths, ledger) { events in
            _ = try await ledger.append(events)
        } _: {
            bar.update(Int64($0), of: total)
        }
        bar.finish()
        item.appended = Int(try ledger.head().size.rawValue - before.rawValue)
        try ledger.close()
        let printer = Printer(context: context, options: output)
        for warning in item.warnings { try printer.notice("warning: \(warning)") }
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
