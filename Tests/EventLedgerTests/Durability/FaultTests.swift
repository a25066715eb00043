import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@Suite("A process whose writes go wrong", .serialized)
struct FaultTests {
    /// What goes wrong: once, or from some call on, as on a dead disk or a full one.
    struct Fault: CustomTestStringConvertible {
        var effect: String
        var stays: Bool
        var testDescription: String { effect + (stays ? ", from then on" : "") }
    }

    static let faults = [
        Fault(effect: "signal=SIGKILL", stays: false), Fault(effect: "error=EIO", stays: false),
        Fault(effect: "error=EIO", stays: true), Fault(effect: "error=ENOSPC", stays: false),
        Fault(effect: "error=ENOSPC", stays: true),
    ]

    @Test("appending: nothing acknowledged is lost, nothing is half there", arguments: faults, ["", "-wal"])
    func appending(fault: Fault, suffix: String) async throws {
        for call in ["pwrite64", "fdatasync", "ftruncate"] {
            try await tryEach { number, folder in
                let file = folder.appending(path: "ledger.db")
                try Ledger.create(at: file.path).close()
                return try await survives(fault, at: number, call, of: file, path: file.path + suffix, batches: 12)
            }
        }
    }

    @Test("creating: there is a whole ledger or none", arguments: faults)
    func creating(fault: Fault) async throws {
        for call in Strace.writes {
            try await tryEach { number, folder in
                let file = folder.appending(path: "ledger.db")
                return try await survives(fault, at: number, call, of: file, path: nil, batches: 1)
            }
        }
    }

    /// Counts up the calls at which something goes wrong, until a run is too short for it.
    ///
    /// The long form tries each call in turn; the short one the first, the second, the fourth and so on.
    private func tryEach(_ survives: (_ number: Int, _ folder: URL) async throws -> Bool) async throws {
        var number = 1
        while try await withTemporaryFolder({ try await survives(number, $0) }) {
            number += isLongForm ? 1 : number
        }
        #expect(number > 1, "the fault never happened")
    }

    /// Appends batches with a fault and checks what is left.
    ///
    /// - Returns: Whether the fault happened.
    private func survives(
        _ fault: Fault, at number: Int, _ call: String, of file: URL, path: String?, batches: Int
    ) async throws -> Bool {
        let workload = Workload(name: "faults")
        let strace = Strace(command: [workloadProgram, file.path, workload.name, String(batches), "5"])
        let when = "\(number)\(fault.stays ? "+" : "")"
        let outcome = try strace.injecting(fault.effect, into: call, when: when, path: path)
        let acknowledged = try Aftermath.acknowledgements(in: outcome.run.lines)
        let aftermath = Aftermath(file: file, workload: workload, batches: batches, acknowledged: acknowledged)
        await aftermath.check("\(fault.effect) at \(call) \(when) of \(path ?? "any file")")
        if !outcome.wasTouched {
            #expect(outcome.run.status == 0)
            #expect(acknowledged.count == workload.ids(ofBatches: batches).joined().count)
        }
        return outcome.wasTouched
    }
}
