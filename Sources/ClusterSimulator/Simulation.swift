import RolloutModel

/// A simulated cluster for those who take a real one too.
///
/// Time moves only in ``ClusterWatch/changes(until:)``, and only while all watches that were begun and not stopped wait
/// there: none has anything to be told, and nobody whom they told something is still at work. Then one thing after another
/// happens, until one of them has something to be told or the first of their deadlines has come. So it makes no difference
/// how fast anybody is, and whoever begins a watch must go on asking it, in a task of its own, or stop it.
package actor Simulation: Cluster {
    /// What is simulated, as it is now.
    package private(set) var cluster: SimulatedCluster
    private var watches: [Int: WatchState] = [:]
    private var lastWatch = 0

    private struct WatchState {
        var selections: [ClusterSelection]
        var untold: [ClusterChange]
        /// The objects that it has told of.
        var told: Set<Int> = []
        var waiting: Waiting?

        init(_ selections: [ClusterSelection], _ cluster: SimulatedCluster) throws {
            self.selections = selections
            untold = try selections.map { .all($0, try cluster.list($0)) }
            for selection in selections { told.formUnion(cluster.objects(selection).map(\.metadata.number)) }
        }

        mutating func take(_ change: SimulatedCluster.ObjectChange, _ cluster: SimulatedCluster) throws {
            let number = change.object.metadata.number
            if let shown = try cluster.shown(change, to: selections) {
                untold.append(shown)
                if change.isDeleted { told.remove(number) } else { told.insert(number) }
            } else if told.remove(number) != nil {
                // Its labels are others now.
                untold.append(.deleted(try cluster.render(change.object, as: change.object.resource)))
            }
        }
    }

    private struct Waiting {
        var deadline: Timestamp
        var continuation: CheckedContinuation<[ClusterChange], any Error>
    }

    /// - Parameter cluster: With ``SimulatedCluster/keepsChanges``, or watches have nothing to tell.
    package init(_ cluster: SimulatedCluster) {
        self.cluster = cluster
        _ = self.cluster.takeObjectChanges()
    }

    // MARK: Reading and acting

    /// The UID of the namespace `kube-system`.
    package func uid() throws -> String {
        try get(.namespaces, "kube-system", namespace: nil)?["metadata"]?["uid"]?.string ?? ""
    }

    /// The virtual time.
    package func now() -> Timestamp { cluster.now }

    package func get(_ resource: Resource, _ name: String, namespace: String?) throws -> JSONValue? {
        finishMoment()
        try spread()
        return try cluster.get(resource, name, namespace: namespace)
    }

    package func list(_ selection: ClusterSelection) throws -> [JSONValue] {
        finishMoment()
        try spread()
        return try cluster.list(selection)
    }

    package func perform(_ call: ClusterCall) throws -> CallAnswer {
        finishMoment()
        let answer = try cluster.perform(call)
        try spread()
        moveOn()
        return answer
    }

    /// Lets everything happen that happens at this moment.
    ///
    /// With it what becomes of the cluster hangs on the calls and their times alone, and not on how far the controllers had
    /// got; and who reads and then acts is not overtaken by them.
    private func finishMoment() { cluster.advance(to: cluster.now) }

    // MARK: Watching

    package func watch(_ selections: [ClusterSelection]) throws -> any ClusterWatch {
        lastWatch += 1
        watches[lastWatch] = try WatchState(selections, cluster)
        return SimulationWatch(simulation: self, number: lastWatch)
    }

    fileprivate func changes(_ number: Int, until deadline: Timestamp) async throws -> [ClusterChange] {
        guard let watch = watches[number] else {
            throw ShipslogError(.internal, "A watch of the simulated cluster was asked after it was stopped.")
        }
        guard watch.untold.isEmpty else {
            watches[number]?.untold = []
            return watch.untold
        }
        return try await withCheckedThrowingContinuation { continuation in
            watches[number]?.waiting = Waiting(deadline: deadline, continuation: continuation)
            moveOn()
        }
    }

    fileprivate func stop(_ number: Int) {
        watches.removeValue(forKey: number)?.waiting?.continuation.resume(returning: [])
        moveOn()
    }

    /// Hands on what has changed.
    private func spread() throws {
        for change in cluster.takeObjectChanges() {
            for number in watches.keys { try watches[number]?.take(change, cluster) }
        }
        for (number, watch) in watches where !watch.untold.isEmpty {
            guard let waiting = watch.waiting else { continue }
            watches[number]?.waiting = nil
            watches[number]?.untold = []
            waiting.continuation.resume(returning: watch.untold)
        }
    }

    /// Lets time pass while all wait.
    private func moveOn() {
        while let deadline = watches.values.compactMap(\.waiting?.deadline).min(),
            watches.values.allSatisfy({ $0.waiting != nil })
        {
            let isOver = !cluster.step(until: deadline)
            do {
                try spread()
            } catch {
                return fail(with: error)
            }
            guard isOver else { continue }
            for (number, watch) in watches {
                guard let waiting = watch.waiting, waiting.deadline <= cluster.now else { continue }
                watches[number]?.waiting = nil
                waiting.continuation.resume(returning: [])
            }
        }
    }

    private func fail(with error: any Error) {
        for (number, watch) in watches {
            watches[number]?.waiting = nil
            watch.waiting?.continuation.resume(throwing: error)
        }
    }
}

private struct SimulationWatch: ClusterWatch {
    let simulation: Simulation
    let number: Int

    func changes(until deadline: Timestamp) async throws -> [ClusterChange] {
        try await simulation.changes(number, until: deadline)
    }

    func stop() async { await simulation.stop(number) }
}
