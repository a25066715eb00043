import RolloutModel

/// What nodes have left for pods.
///
/// An estimate, as the scheduler knows more rules: by the requests of the pods that are there, as it counts them.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-requests-are-scheduled>
package struct Capacity: Sendable {
    private var free: [Amount]

    private struct Amount: Hashable, Sendable {
        /// In thousandths of a core.
        var cpu: Int64
        /// In bytes.
        var memory: Int64
        var pods: Int64

        func holds(_ other: Amount) -> Bool { cpu >= other.cpu && memory >= other.memory && pods >= other.pods }

        mutating func take(_ other: Amount) {
            cpu -= other.cpu
            memory -= other.memory
            pods -= other.pods
        }
    }

    /// - Parameters:
    ///   - nodes: The Nodes; those that take no pods are left out.
    ///   - pods: All pods of the cluster.
    package init(nodes: [JSONValue], pods: [JSONValue]) {
        var free: [String: Amount] = [:]
        for node in nodes where node["spec"]?["unschedulable"] != true {
            guard let name = node["metadata"]?["name"]?.string, let allocatable = node["status"]?["allocatable"] else {
                continue
            }
            free[name] = Amount(
                cpu: Self.cpu(allocatable["cpu"]), memory: Self.units(allocatable["memory"]),
                pods: Self.units(allocatable["pods"]))
        }
        for pod in pods {
            let phase = pod["status"]?["phase"]?.string
            guard let node = pod["spec"]?["nodeName"]?.string, phase != "Succeeded", phase != "Failed" else { continue }
            free[node]?.take(Self.requests(pod["spec"] ?? [:]))
        }
        self.free = free.sorted { $0.key < $1.key }.map(\.value)
    }

    /// How many more pods there is room for, up to a number.
    ///
    /// - Parameter spec: The `spec` of each of them.
    package func room(for spec: JSONValue, upTo count: Int) -> Int {
        let wanted = Self.requests(spec)
        var free = free
        for number in 0..<count {
            guard let index = free.firstIndex(where: { $0.holds(wanted) }) else { return number }
            free[index].take(wanted)
        }
        return count
    }

    private static func requests(_ spec: JSONValue) -> Amount {
        var sum = Amount(cpu: 0, memory: 0, pods: 1)
        for container in spec["containers"]?.array ?? [] {
            // What is only limited is requested too.
            let resources = container["resources"]
            sum.cpu += cpu(resources?["requests"]?["cpu"] ?? resources?["limits"]?["cpu"])
            sum.memory += units(resources?["requests"]?["memory"] ?? resources?["limits"]?["memory"])
        }
        return sum
    }

    private static func cpu(_ value: JSONValue?) -> Int64 { value.flatMap { Quantity.thousandths($0) } ?? 0 }

    private static func units(_ value: JSONValue?) -> Int64 { value.flatMap { Quantity.units($0) } ?? 0 }
}
