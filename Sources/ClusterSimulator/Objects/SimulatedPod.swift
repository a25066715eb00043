import RolloutModel

/// A pod.
struct SimulatedPod: Sendable {
    var metadata: SimulatedMetadata
    var spec: PodSpec
    /// Which pod of its ReplicaSet it is, or under its name, from 1.
    var ordinal = 1
    /// Of whose pods it is one: the number of its Deployment, or of its ReplicaSet without one.
    var group = 0
    /// The node it is on, by its place among the nodes.
    var node: Int?
    /// The number of its address; 0 before the kubelet has tried to start it.
    var address = 0
    /// What holds of it now.
    var moment: PodMoment
    /// The images whose containers live as its behaviour says; `nil` for all.
    var images: Pattern?
    /// Whether it has been ready for as long as its ReplicaSet asks.
    var isAvailable = false

    /// Whether its ReplicaSet counts it.
    var isActive: Bool { metadata.deletion == nil && !moment.phase.isTerminal }
}

/// What a node has to give, or a pod asks for.
package struct NodeResources: Hashable, Sendable {
    package var milliCPU: Int64
    package var memoryBytes: Int64

    package init(milliCPU: Int64 = 0, memoryBytes: Int64 = 0) {
        self.milliCPU = milliCPU
        self.memoryBytes = memoryBytes
    }
}

/// A node with what is left on it.
struct SimulatedNode: Sendable {
    var metadata: SimulatedMetadata
    let allocatable: NodeResources
    let podLimit: Int
    var free: NodeResources
    var pods = 0

    init(metadata: SimulatedMetadata, allocatable: NodeResources, podLimit: Int) {
        self.metadata = metadata
        self.allocatable = allocatable
        self.podLimit = podLimit
        free = allocatable
    }

    /// What of it does not suffice for a pod; `nil` if all does.
    func shortage(for requests: NodeResources) -> String? {
        if pods >= podLimit { return "Too many pods" }
        if requests.milliCPU > free.milliCPU { return "Insufficient cpu" }
        return requests.memoryBytes > free.memoryBytes ? "Insufficient memory" : nil
    }

    mutating func take(_ requests: NodeResources) {
        pods += 1
        free.milliCPU -= requests.milliCPU
        free.memoryBytes -= requests.memoryBytes
    }

    mutating func release(_ requests: NodeResources) {
        pods -= 1
        free.milliCPU += requests.milliCPU
        free.memoryBytes += requests.memoryBytes
    }
}
