import RolloutModel

/// A Kubernetes cluster in memory, in virtual time: its objects, its controllers, its scheduler and its kubelets.
///
/// A value, and pure: it has no clock and no chance but the seed, so that the same calls at the same times give the same
/// objects with the same names, UIDs and versions, and a copy lives on independently. Calls take effect at once; what the
/// controllers and the kubelets make of them happens in ``step(until:)``, bit by bit. Controllers take no time; pods take
/// the time that their behaviours give them.
///
/// As in a real cluster, except that stamps are to the microsecond, that a deployment exceeds its progress deadline at the
/// very moment, that failed creations of pods are tried again when there may be room, and that the garbage collector takes
/// foreground deletion for background deletion. Controllers neither adopt nor release objects by their labels.
package struct SimulatedCluster: Sendable {
    /// The time.
    package internal(set) var now: Timestamp
    /// Whether ``takeChanges()`` has anything to give; without, the cluster is faster.
    package let keepsChanges: Bool
    /// How many times anything has happened: calls that changed something, moments of pods, acts of controllers.
    package internal(set) var eventCount = 0

    let seed: UInt64
    /// How the pods live that are made from now on.
    var behaviours: PodBehaviours

    // MARK: The objects, by number

    var deployments: [Int: SimulatedDeployment] = [:]
    var replicaSets: [Int: SimulatedReplicaSet] = [:]
    var pods: [Int: SimulatedPod] = [:]
    var services: [Int: SimulatedService] = [:]
    var slices: [Int: SimulatedSlice] = [:]
    var stored: [Int: StoredObject] = [:]
    /// In the order of their names in messages: they come and go only with the cluster.
    var nodes: [SimulatedNode] = []

    // MARK: Indexes

    var numbers: [ObjectKey: Int] = [:]
    /// The ReplicaSets of a Deployment, oldest first.
    var replicaSetsOfDeployment: [Int: [Int]] = [:]
    var servicesInNamespace: [String: [Int]] = [:]
    /// What is left of the lives of pods that have, or look for, a node.
    var lives: [Int: PodLife] = [:]
    /// Pods for which there is no room, oldest first.
    var unplaced: [Int] = []
    /// The pods that a ReplicaSet counts, by number.
    var activePods: [Int: [Int: Expendability]] = [:]
    /// How many active pods of a Deployment (or of a ReplicaSet without one) are on each node.
    var loads: [Int: [Int]] = [:]
    var podsInNamespace: [String: Int] = [:]
    /// How many pods without a controller were made under each name.
    var barePodsMade: [ObjectKey: Int] = [:]
    /// Whether there is, or was, a quota.
    var hasQuotas = false
    /// ReplicaSets that could not make all their pods.
    var failingReplicaSets: Set<Int> = []

    // MARK: What is to be done

    /// What a controller is to look at.
    enum Work: Hashable, Sendable {
        case deployment(Int)
        case replicaSet(Int)
        case service(Int)
        /// What a deleted object leaves behind.
        case orphans(of: Int)
        case scheduling
    }

    /// What the passing of time brings.
    enum Alarm: Sendable {
        case life(pod: Int)
        case availability(pod: Int)
        case deadline(deployment: Int)
    }

    private var work: [Work] = []
    private var nextWork = 0
    private var queued: Set<Work> = []
    var alarms = TimerQueue<Alarm>()
    /// When the alarms for the deadlines of Deployments ring.
    var deadlineAlarms: [Int: Timestamp] = [:]

    private var changes: [ObjectChange] = []
    private var lastNumber = 0
    private(set) var lastVersion = 0
    var lastAddress = 0

    /// What became of an object.
    struct ObjectChange: Sendable {
        var object: AnObject
        var isDeleted: Bool
    }

    /// A cluster with nodes and the namespaces `default` and `kube-system`.
    ///
    /// - Parameters:
    ///   - time: When it begins.
    ///   - seed: From which UIDs and the names of pods are drawn.
    ///   - nodes: At least one for pods to live on.
    package init(
        at time: Timestamp, seed: UInt64 = 0, behaviours: PodBehaviours = PodBehaviours(),
        nodes: [Node] = Node.plenty, namespaces: [String] = [], keepsChanges: Bool = true
    ) {
        now = time
        self.seed = seed
        self.behaviours = behaviours
        self.keepsChanges = keepsChanges
        for name in ["default", "kube-system"] + namespaces { makeNamespace(name) }
        for node in nodes {
            var metadata = makeMetadata(node.name, "")
            metadata.labels = ["kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"]
            lastVersion += 1
            metadata.resourceVersion = lastVersion
            numbers[ObjectKey(kind: .node, namespace: "", name: node.name)] = metadata.number
            self.nodes.append(
                SimulatedNode(metadata: metadata, allocatable: node.allocatable, podLimit: node.podLimit))
        }
    }

    /// A node, by what pods may use of it.
    package struct Node: Hashable, Sendable {
        package var name: String
        package var allocatable: NodeResources
        package var podLimit: Int

        package init(name: String, milliCPU: Int64, memoryBytes: Int64, podLimit: Int = 110) {
            self.name = name
            allocatable = NodeResources(milliCPU: milliCPU, memoryBytes: memoryBytes)
            self.podLimit = podLimit
        }

        /// Three nodes with room for whatever is wanted.
        package static let plenty = (1...3).map {
            Node(name: "node-\($0)", milliCPU: 1_000_000_000, memoryBytes: 1 << 50, podLimit: 1_000_000)
        }
    }

    // MARK: Time

    /// When something happens next; `nil` if nothing does until a call.
    package var nextDue: Timestamp? { nextWork < work.count ? now : alarms.nextDue }

    /// Lets the next thing happen: one act of one controller, or all that pods do at one moment.
    ///
    /// - Returns: Whether anything was to happen by then; if not, the time is that now.
    package mutating func step(until limit: Timestamp) -> Bool {
        if nextWork < work.count {
            eventCount += 1
            perform(takeWork())
            return true
        }
        guard let due = alarms.nextDue, due <= limit else {
            now = max(now, limit)
            return false
        }
        now = max(now, due)
        let number = alarms.lastNumber
        while let alarm = alarms.popDue(at: due, upTo: number) {
            eventCount += 1
            ring(alarm)
        }
        return true
    }

    /// Lets everything happen that happens until then.
    package mutating func advance(to limit: Timestamp) {
        while step(until: limit) {}
    }

    private mutating func takeWork() -> Work {
        let item = work[nextWork]
        nextWork += 1
        if nextWork == work.count {
            work.removeAll(keepingCapacity: true)
            nextWork = 0
        }
        queued.remove(item)
        return item
    }

    /// Has a controller look at something, once.
    mutating func enqueue(_ item: Work) {
        if queued.insert(item).inserted { work.append(item) }
    }

    private mutating func perform(_ item: Work) {
        switch item {
        case .deployment(let number): syncDeployment(number)
        case .replicaSet(let number): syncReplicaSet(number)
        case .service(let number): syncService(number)
        case .orphans(let number): collectOrphans(of: number)
        case .scheduling: placeUnplaced()
        }
    }

    private mutating func ring(_ alarm: Alarm) {
        switch alarm {
        case .life(let pod): live(pod)
        case .availability(let pod): judgeAvailability(of: pod)
        case .deadline(let deployment): reachDeadline(deployment)
        }
    }

    // MARK: Bookkeeping

    mutating func makeMetadata(_ name: String, _ namespace: String) -> SimulatedMetadata {
        lastNumber += 1
        return SimulatedMetadata(number: lastNumber, name: name, namespace: namespace, createdAt: now)
    }

    mutating func makeNamespace(_ name: String) {
        let metadata = makeMetadata(name, "")
        store(
            StoredObject(
                metadata: metadata, resource: .namespaces,
                document: ["spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"]]))
    }

    /// The next version that an object has.
    mutating func nextVersion() -> Int {
        lastVersion += 1
        return lastVersion
    }

    /// Notes that an object is as it is now.
    mutating func note(_ object: @autoclosure () -> AnObject, isDeleted: Bool = false) {
        if keepsChanges { changes.append(ObjectChange(object: object(), isDeleted: isDeleted)) }
    }

    /// What has changed since this was last called, in order.
    mutating func takeObjectChanges() -> [ObjectChange] {
        defer { changes.removeAll(keepingCapacity: true) }
        return changes
    }

    /// The UID of an object: the same in every cluster of this seed.
    func uid(_ number: Int) -> String {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0xd134_2543_de82_ef95)
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        // Version 4 and the variant of RFC 9562.
        let high = Array(hex(random.next() & ~0xf000 | 0x4000))
        let low = Array(hex(random.next() & ~(3 << 62) | (2 << 62)))
        return [high[0..<8], high[8..<12], high[12..<16], low[0..<4], low[4..<16]].map { String($0) }
            .joined(separator: "-")
    }
}
