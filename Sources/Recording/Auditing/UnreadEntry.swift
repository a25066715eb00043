import RolloutModel

/// An entry of an audit log that cannot be read, and what can be told of it all the same.
struct UnreadEntry: Error {
    /// In a few words, what is wrong with it.
    var reason: String
    private var auditID: String?
    private var resource: String?
    private var namespace: String?

    private enum Key: String, CodingKey { case auditID, objectRef }
    private enum ReferenceKey: String, CodingKey { case resource, namespace }

    /// - Parameters:
    ///   - error: What decoding it threw.
    ///   - decoder: Of the entry.
    init(_ error: any Error, from decoder: any Decoder) {
        reason = BrokenLine.reason(error, what: "audit event")
        let entry = try? decoder.container(keyedBy: Key.self)
        auditID = try? entry?.decode(String.self, forKey: .auditID)
        let reference = try? entry?.nestedContainer(keyedBy: ReferenceKey.self, forKey: .objectRef)
        resource = try? reference?.decode(String.self, forKey: .resource)
        namespace = try? reference?.decode(String.self, forKey: .namespace)
    }

    /// What is not known for want of it.
    var gap: RecordingGap {
        let name = auditID.map { "The audit event \($0)" } ?? "An audit event"
        return RecordingGap(resource: resource?.nonEmpty ?? "objects", reason: "\(name) cannot be read: \(reason).")
    }

    /// The event that tells so in the log of a cluster, noted at some moment.
    func event(ofCluster cluster: String, at time: Timestamp) throws -> Event {
        try Event(gap, ofCluster: cluster, namespace: namespace ?? "default", occurredAt: time, origin: .audit)
    }
}
