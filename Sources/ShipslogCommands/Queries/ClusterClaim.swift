import EventLedger
import Foundation
import RolloutModel

/// Which cluster a name stands for in a ledger: what tells it is the UID of its namespace `kube-system`.
enum ClusterClaim {
    private static let key = "cluster"

    /// The UID of the cluster that has been recorded under a name; `nil` if that is not known.
    static func uid(of cluster: String, in ledger: Ledger) throws -> String? {
        try ledger.memory(of: cluster)[key].map { String(decoding: $0, as: UTF8.self) }
    }

    /// Lets a name stand for a cluster from now on.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if it stands for another, also if that has only just come about.
    static func make(_ cluster: String, standFor uid: String, in ledger: Ledger) async throws {
        let value = Data(uid.utf8)
        _ = try await ledger.append(
            [], if: [.remembers(recorder: cluster, key: key, value: value)],
            remembering: RecorderMemory(recorder: cluster, changes: [key: value]))
    }
}
