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

    /// The names, in order, of the recorded clusters that are known by their UIDs.
    static func clusters(in ledger: Ledger) throws -> [String] {
        try Set(ledger.streams(cluster: nil, namespace: nil, kind: nil, name: nil).map(\.cluster)).sorted()
            .filter { try uid(of: $0, in: ledger) != nil }
    }

    /// What to say if a name stands for another cluster.
    ///
    /// - Parameter server: The URL of the API server at which that was found.
    static func isAnother(_ cluster: String, at server: String) -> ShipslogError {
        ShipslogError(
            .conflict, "At \(server) there is another cluster than the one recorded as \(cluster).",
            hint: "Its namespace kube-system has another UID. Give it another name with --cluster.")
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
