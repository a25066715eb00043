import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting

/// Appends the batches of a workload to a ledger and prints `ack ID POSITION` for each acknowledged event, at once.
///
///     ledger-workload FILE NAME BATCHES PER_SESSION
///
/// It creates the ledger if there is none, and closes and opens it anew after every PER_SESSION batches. A batch that
/// fails is tried again, on the same ledger and then on one opened anew; a third failure ends the run with status 1.
///
/// All appends run on one thread: who has the system fail at the third write counts the writes of each thread by itself.
@main
struct LedgerWorkload {
    private static let appending = OneThread()

    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let batches = Int(arguments[3]), let perSession = Int(arguments[4]) else {
            print("usage: ledger-workload FILE NAME BATCHES PER_SESSION")
            exit(64)
        }
        let file = URL(filePath: arguments[1])
        let workload = Workload(name: arguments[2])
        do {
            for first in stride(from: 0, to: batches, by: perSession) {
                try await run(first..<min(first + perSession, batches), of: workload, at: file)
            }
        } catch {
            print("\(error)")
            exit(1)
        }
    }

    private static func run(_ batches: Range<Int>, of workload: Workload, at file: URL) async throws {
        var ledger = try open(file)
        for number in batches {
            let events = try workload.batch(number)
            var attempt = 1
            while true {
                do {
                    let positions = try await withTaskExecutorPreference(appending) { [ledger] in
                        try await ledger.append(events)
                    }
                    acknowledge(positions, of: events)
                    break
                } catch  where attempt < 3 {
                    attempt += 1
                    if attempt == 3 { ledger = try open(file) }
                }
            }
        }
        try ledger.close()
    }

    private static func open(_ file: URL) throws -> Ledger {
        if !FileManager.default.fileExists(atPath: file.path) {
            do {
                return try Ledger.create(at: file.path)
            } catch let error as ShipslogError where error.code == .invalidArgument {
                // Another process created it in between.
            }
        }
        return try Ledger.open(at: file.path, mode: .readWrite)
    }

    /// One write for a batch, so that the lines of a batch stand together.
    private static func acknowledge(_ positions: [Position], of events: [Event]) {
        let lines = zip(events, positions).map { "ack \($0.id) \($1)\n" }
        FileHandle.standardOutput.write(Data(lines.joined().utf8))
    }
}
