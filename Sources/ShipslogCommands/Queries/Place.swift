import RolloutModel

/// A namespace of a cluster: where a Service finds its pods.
struct Place: Hashable {
    var cluster: String
    var namespace: String

    /// Where a subject is.
    init(of stream: StreamName) {
        cluster = stream.cluster
        namespace = stream.namespace
    }
}
