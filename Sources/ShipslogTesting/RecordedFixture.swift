import EventLedger
import Foundation
import Recording
import RolloutModel

/// The streams of Kubernetes 1.20 that ship with the tests, imported; once for all tests of a process.
public enum RecordedFixture {
    private static let recording = Task {
        let history = FoldedHistory()
        _ = try await WatchImport(paths: Fixtures.watchStreams(of: "kubernetes-1.20"), cluster: "prod").run {
            try await history.append($0)
        }
        return history
    }

    private static let file = Task {
        let temporary = try TemporaryLedger()
        _ = try await temporary.ledger.append(history().events.map(\.event))
        try temporary.ledger.close()
        return try Data(contentsOf: URL(fileURLWithPath: temporary.path))
    }

    /// The events and what comes of them, in memory; only to be read.
    public static func history() async throws -> FoldedHistory { try await recording.value }

    /// A ledger of its own that holds them.
    public static func ledger() async throws -> TemporaryLedger { try TemporaryLedger(of: await file.value) }
}
