/// The nodes with how many pods each has, and the addresses that pods have.
struct Places: Sendable {
    private let nodes: [PretendNode]
    private let addresses: [String: String]
    private var load: [String: Int] = [:]
    private var podIPs: Set<String> = []
    private var lastNumber = 0

    /// How many addresses there are: those of 198.19.0.0/16 but the first and the last.
    private static let limit = 65_534

    init(_ nodes: [PretendNode]) {
        self.nodes = nodes
        addresses = Dictionary(nodes.map { ($0.name, $0.address) }, uniquingKeysWith: { first, _ in first })
    }

    func has(_ node: String) -> Bool { addresses[node] != nil }

    func address(of node: String) -> String { addresses[node] ?? "" }

    /// The first of the nodes with the fewest pods, one of which is then more.
    mutating func choose() -> String {
        let node = nodes.min { load[$0.name, default: 0] < load[$1.name, default: 0] }?.name ?? ""
        take(node, nil)
        return node
    }

    /// An address that no pod has, unless all are taken.
    mutating func chooseAddress() -> String {
        for _ in 0..<Self.limit {
            lastNumber = lastNumber % Self.limit + 1
            let address = "198.19.\(lastNumber >> 8).\(lastNumber & 255)"
            if podIPs.insert(address).inserted { return address }
        }
        return "198.19.0.1"
    }

    /// A pod has a node or an address.
    mutating func take(_ node: String?, _ podIP: String?) {
        if let node { load[node, default: 0] += 1 }
        if let podIP { podIPs.insert(podIP) }
    }

    /// A pod has a node or an address no more.
    mutating func leave(_ node: String?, _ podIP: String?) {
        if let node { load[node, default: 0] -= 1 }
        if let podIP { podIPs.remove(podIP) }
    }
}
