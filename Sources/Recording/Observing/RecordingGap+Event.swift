import RolloutModel

extension Event {
    /// That something of a cluster was not seen.
    ///
    /// Its id is derived from what it says, so that a gap that is noted twice is one.
    init(
        _ gap: RecordingGap, ofCluster cluster: String, namespace: String, occurredAt: Timestamp, origin: Origin
    ) throws {
        // What could not be read may bear any name.
        let stream =
            StreamName(checking: cluster, namespace, "recording", gap.resource)
            ?? StreamName(cluster: cluster, namespace: "default", kind: "recording", name: "objects")
        let bounds = [gap.fromResourceVersion ?? "", gap.reason] + (gap.toResourceVersion.map { [$0] } ?? [])
        try self.init(
            id: .derived(from: ["gap", stream.description] + bounds), stream: stream, fact: .recordingGap(gap),
            occurredAt: occurredAt, origin: origin)
    }
}
