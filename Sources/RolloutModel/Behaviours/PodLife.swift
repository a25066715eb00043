/// The life of one pod, moment by moment, as its behaviour and chance have it.
///
/// A value: copies live on independently, and equal ones alike. Whoever plays it asks for the next moment, waits until it
/// begins, shows it, and so on; when the pod is deleted, it says so, and goes on asking.
package struct PodLife: Sendable, IteratorProtocol {
    /// The images whose containers live so, where not all do; the others just run.
    package let images: Pattern?
    /// What holds now: the moment that was returned last.
    package private(set) var moment: PodMoment
    private let behaviour: PodBehaviour
    private let restartPolicy: RestartPolicy
    private var random: SeededGenerator
    private let createdAt: Timestamp
    private var script: PodScript?
    /// What comes next, and when.
    private var upcoming: (change: Change, at: Timestamp)?
    private var failedPulls = 0
    private var exits = 0
    /// Of those, how many the back-off counts.
    private var backedOffExits = 0
    private var flips = 0
    /// When this run ends by itself.
    private var exitAt: Timestamp?
    /// Of a deleted pod: whether its containers will not have ended by themselves.
    private var killed = false

    private enum Change: Equatable {
        case findNoNode, findNode, failPull, backOffPull, start, restart, getReady, loseReadiness, exit, backOff
        /// The step of the script with that index, and all others of the same moment.
        case script(Int)
        case end
    }

    init(
        _ behaviour: PodBehaviour, ofImages images: Pattern?, restartPolicy: RestartPolicy, random: SeededGenerator,
        from time: Timestamp
    ) {
        self.behaviour = behaviour
        self.images = images
        self.restartPolicy = restartPolicy
        self.random = random
        moment = PodMoment(since: time)
        createdAt = time
        if !behaviour.scripts.isEmpty {
            script = behaviour.scripts[Int(self.random.number(upTo: Int64(behaviour.scripts.count - 1)))]
            expectStep(0)
        } else {
            upcoming = (behaviour.unschedulable == nil ? .findNode : .findNoNode, time)
        }
    }

    /// When the next moment begins; `nil` if nothing happens any more unless the pod is deleted.
    package var nextChange: Timestamp? { upcoming?.at }

    /// The next moment; `nil` if there is none unless the pod is deleted.
    package mutating func next() -> PodMoment? {
        guard let (change, at) = upcoming else { return nil }
        upcoming = nil
        moment.since = at
        switch change {
        case .findNoNode: findNoNode()
        case .findNode: findNode()
        case .failPull: failPull()
        case .backOffPull: moment.container = .waiting(.imagePullBackOff)
        case .start, .restart: run(isRestart: change == .restart)
        case .getReady, .loseReadiness: setReady(change == .getReady)
        case .exit: exit()
        case .backOff: backOff()
        case .script(let index): play(from: index)
        case .end: end()
        }
        if change == .backOffPull { retryPull() }
        // What is over as soon as it begins shows nothing: a container that starts at once was never being created.
        if change == .findNode, upcoming?.at == at { return next() }
        return moment
    }

    /// Takes in that the pod was deleted: from now on only its end comes.
    ///
    /// A second call can only bring the end nearer, as in Kubernetes.
    ///
    /// - Parameters:
    ///   - time: When, at or after the moment that was returned last.
    ///   - gracePeriod: After which the containers are killed; zero removes the pod at once.
    package mutating func delete(at time: Timestamp, gracePeriod: Duration) {
        guard !moment.isGone else { return }
        var delay: Int64 = 0
        var isKilled = false
        if case .running = moment.container {
            let grace = gracePeriod.wholeMicroseconds
            let own = script?.termination?.wholeMicroseconds ?? behaviour.termination.delay.draw(&random)
            isKilled = behaviour.termination.ignoresSIGTERM || own > grace
            delay = isKilled ? grace : own
        }
        let end = Timestamp(microseconds: time.microseconds + delay)
        if let upcoming, upcoming.change == .end, upcoming.at <= end { return }
        killed = isKilled
        upcoming = (.end, end)
    }
}

// MARK: The changes

extension PodLife {
    private mutating func expectStep(_ index: Int) {
        guard let script, script.steps.indices.contains(index) else { return }
        let time = script.moment(ofStep: index, createdAt: createdAt, after: moment.since)
        upcoming = (.script(index), time)
    }

    private mutating func play(from index: Int) {
        guard let script else { return }
        moment.apply(script.steps[index])
        expectStep(index + 1)
        while let (change, at) = upcoming, at <= moment.since, case .script(let next) = change {
            upcoming = nil
            moment.apply(script.steps[next])
            expectStep(next + 1)
        }
    }

    private mutating func findNoNode() {
        moment.unschedulableMessage = behaviour.unschedulable?.message
        if let duration = behaviour.unschedulable?.duration { upcoming = (.findNode, moment.since + duration) }
    }

    private mutating func findNode() {
        moment.unschedulableMessage = nil
        moment.scheduledAt = moment.since
        moment.readyChangedAt = moment.since
        let start = after(behaviour.start.draw(&random))
        upcoming = (behaviour.imagePull == nil ? .start : .failPull, start)
    }

    private mutating func failPull() {
        moment.firstTriedAt = moment.firstTriedAt ?? moment.since
        moment.container = .waiting(.errImagePull(message: behaviour.imagePull?.message ?? ""))
        failedPulls += 1
        let backOff = behaviour.imagePull?.backOff.delay(before: failedPulls) ?? 0
        upcoming = (.backOffPull, after(min(Self.errorShown, backOff)))
    }

    private mutating func retryPull() {
        guard let pull = behaviour.imagePull else { return }
        let backOff = pull.backOff.delay(before: failedPulls)
        upcoming = (failedPulls == pull.failures ? .start : .failPull, after(max(0, backOff - Self.errorShown)))
    }

    private mutating func run(isRestart: Bool) {
        moment.firstTriedAt = moment.firstTriedAt ?? moment.since
        moment.container = .running(since: moment.since)
        moment.phase = .running
        if isRestart { moment.restartCount += 1 }
        exitAt = nil
        if let exit = behaviour.exit, exits != exit.times { exitAt = after(exit.delay.draw(&random)) }
        let readyAt = (behaviour.ready?.delay.draw(&random)).map { after($0) }
        if readyAt == moment.since, exitAt != moment.since {
            setReady(true)
        } else {
            expect(.getReady, at: readyAt)
        }
    }

    private mutating func setReady(_ isReady: Bool) {
        moment.isReady = isReady
        moment.readyChangedAt = moment.since
        let ready = behaviour.ready?.flips
        if !isReady {
            flips += 1
            expect(.getReady, at: ready.map { moment.since + $0.duration })
        } else {
            expect(.loseReadiness, at: ready.flatMap { flips == $0.times ? nil : moment.since + $0.every })
        }
    }

    /// The change comes next, unless the run ends before.
    private mutating func expect(_ change: Change, at time: Timestamp?) {
        upcoming = time.map { (change, $0) }
        if let exitAt, time.map({ exitAt <= $0 }) ?? true { upcoming = (.exit, exitAt) }
    }

    private mutating func exit() {
        guard let exit = behaviour.exit else { return }
        terminate(code: exit.code, reason: exit.reason)
        guard restartPolicy == .always || (restartPolicy == .onFailure && exit.code != 0) else {
            moment.phase = exit.code == 0 ? .succeeded : .failed
            return
        }
        exits += 1
        backedOffExits += 1
        if case .terminated(let run) = moment.container,
            run.finishedAt.microseconds - run.startedAt.microseconds >= 2 * exit.backOff.longest.wholeMicroseconds
        {
            backedOffExits = 1
        }
        // The first restart comes at once; each later one after a back-off.
        // https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
        let backOff = backedOffExits == 1 ? 0 : exit.backOff.delay(before: backedOffExits - 1)
        upcoming = backOff <= Self.errorShown ? (.restart, after(backOff)) : (.backOff, after(Self.errorShown))
    }

    private mutating func backOff() {
        let backOff = behaviour.exit?.backOff.delay(before: backedOffExits - 1) ?? 0
        moment.container = .waiting(.crashLoopBackOff(microseconds: backOff))
        upcoming = (.restart, after(backOff - Self.errorShown))
    }

    private mutating func end() {
        if case .running = moment.container {
            terminate(code: killed ? 137 : 0, reason: killed ? "Error" : "Completed")
        }
        moment.isGone = true
    }

    private mutating func terminate(code: Int, reason: String) {
        guard case .running(let startedAt) = moment.container else { return }
        let termination = PodMoment.Termination(
            code: code, reason: reason, startedAt: startedAt, finishedAt: moment.since
        )
        moment.container = .terminated(termination)
        moment.lastTermination = termination
        if moment.isReady {
            moment.isReady = false
            moment.readyChangedAt = moment.since
        }
    }

    private func after(_ microseconds: Int64) -> Timestamp {
        Timestamp(microseconds: moment.since.microseconds + microseconds)
    }

    /// How long the bare error shows before the kubelet says that it backs off: 1 s.
    private static let errorShown: Int64 = 1_000_000
}
