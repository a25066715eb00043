import RolloutModel

/// A Service with its EndpointSlices.
struct SimulatedService: Sendable {
    var metadata: SimulatedMetadata
    /// `spec` as it was written, with the defaults.
    var document: JSONValue
    /// Empty if nobody keeps its endpoints.
    var selector: [String: String]
    var publishesNotReady: Bool
    /// Its slices, by their numbers.
    var slices: [Int] = []
    /// In which slice each pod is.
    var placed: [Int: Int] = [:]
    /// The pods that are to be looked at again.
    var dirtyPods: Set<Int> = []

    func selects(_ labels: [String: String]) -> Bool { selector.selects(labels) }
}

/// An EndpointSlice.
struct SimulatedSlice: Sendable {
    var metadata: SimulatedMetadata
    var service: Int
    /// By the numbers of the pods.
    var endpoints: [Int: Endpoint] = [:]

    /// How many endpoints a slice has at most.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#distribution-of-endpointslices>
    static let limit = 100

    struct Endpoint: Hashable, Sendable {
        var pod: String
        var address: Int
        var node: Int?
        var isReady: Bool
        var isServing: Bool
        var isTerminating: Bool
    }
}

/// An object of a kind that no simulated controller touches: it is kept as it is written.
struct StoredObject: Sendable {
    var metadata: SimulatedMetadata
    let resource: Resource
    /// Without `metadata`, `apiVersion` and `kind`.
    var document: [String: JSONValue]
}
