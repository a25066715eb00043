import RolloutModel
import Testing

@Suite struct PodLifeTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)

    private func life(
        _ behaviour: PodBehaviour, restartPolicy: RestartPolicy = .always, ordinal: Int = 1, seed: UInt64 = 0
    ) -> PodLife {
        let pod = PodTraits(
            name: "web-1", labels: [:], images: ["nginx:1"], restartPolicy: restartPolicy, owner: "web", revision: 1,
            ordinal: ordinal)
        return PodBehaviours(seed: seed, rules: [.init(behaviour: behaviour)]).life(of: pod, from: Self.start)
    }

    /// The first moments of a life, each as `offset in ms: phase, container, restarts, readiness`.
    private func story(_ life: PodLife, _ count: Int = 12) -> [String] {
        var life = life
        return (0..<count).compactMap { _ in life.next().map(line) }
    }

    private func line(_ moment: PodMoment) -> String {
        let container =
            switch moment.container {
            case .waiting(.containerCreating): moment.scheduledAt == nil ? "unscheduled" : "ContainerCreating"
            case .waiting(.errImagePull): "ErrImagePull"
            case .waiting(.imagePullBackOff): "ImagePullBackOff"
            case .waiting(.crashLoopBackOff(let wait)): "CrashLoopBackOff \(wait / 1_000_000)s"
            case .waiting(.other(let reason, _)): reason
            case .running: "running"
            case .terminated(let end): "\(end.reason) \(end.code)"
            }
        let offset = (moment.since.microseconds - Self.start.microseconds) / 1000
        return "\(offset): \(moment.phase.rawValue) \(container) x\(moment.restartCount)"
            + (moment.isReady ? " ready" : "") + (moment.isGone ? " gone" : "")
    }

    @Test("without a rule, a pod runs and is ready at once, and stays")
    func untroubled() {
        #expect(story(life(PodBehaviour())) == ["0: Running running x0 ready"])
    }

    @Test("start and readiness take their time")
    func delays() {
        var behaviour = PodBehaviour()
        behaviour.start = .init(after: .milliseconds(300))
        behaviour.ready = .init(delay: .init(after: .seconds(1)))
        #expect(
            story(life(behaviour)) == [
                "0: Pending ContainerCreating x0", "300: Running running x0", "1300: Running running x0 ready",
            ])
        behaviour.ready = nil
        #expect(story(life(behaviour)) == ["0: Pending ContainerCreating x0", "300: Running running x0"])
    }

    @Test("readiness is lost and comes back, as often as said")
    func flips() {
        var behaviour = PodBehaviour()
        behaviour.ready = .init(flips: .init(every: .seconds(5), duration: .seconds(1), times: 2))
        #expect(
            story(life(behaviour)) == [
                "0: Running running x0 ready", "5000: Running running x0", "6000: Running running x0 ready",
                "11000: Running running x0", "12000: Running running x0 ready",
            ])
    }

    @Test("an image that cannot be pulled is tried again, after twice the time, up to the longest")
    func imagePull() {
        var behaviour = PodBehaviour()
        let backOff = PodBehaviour.BackOff(first: .seconds(10), longest: .seconds(15))
        behaviour.imagePull = .init(message: "manifest unknown", failures: 3, backOff: backOff)
        #expect(
            story(life(behaviour)) == [
                "0: Pending ErrImagePull x0", "1000: Pending ImagePullBackOff x0", "10000: Pending ErrImagePull x0",
                "11000: Pending ImagePullBackOff x0", "25000: Pending ErrImagePull x0",
                "26000: Pending ImagePullBackOff x0", "40000: Running running x0 ready",
            ])
    }

    @Test("a crash loop restarts at once the first time, then backs off")
    func crashLoop() {
        var behaviour = PodBehaviour()
        behaviour.ready = .init(delay: .init(after: .seconds(1)))
        behaviour.exit = .init(delay: .init(after: .seconds(2)), code: 137, reason: "OOMKilled", times: 3)
        #expect(
            story(life(behaviour)) == [
                "0: Running running x0", "1000: Running running x0 ready", "2000: Running OOMKilled 137 x0",
                "2000: Running running x1", "3000: Running running x1 ready", "4000: Running OOMKilled 137 x1",
                "5000: Running CrashLoopBackOff 10s x1", "14000: Running running x2",
                "15000: Running running x2 ready", "16000: Running OOMKilled 137 x2",
                "17000: Running CrashLoopBackOff 20s x2", "36000: Running running x3",
            ])
    }

    @Test(
        "the restart policy says what an exit means",
        arguments: [
            (.never, 0, "1000: Succeeded Completed 0 x0"), (.never, 1, "1000: Failed Error 1 x0"),
            (.onFailure, 0, "1000: Succeeded Completed 0 x0"), (.onFailure, 1, "1000: Running Error 1 x0"),
            (.always, 0, "1000: Running Completed 0 x0"),
        ] as [(RestartPolicy, Int, String)])
    func restartPolicy(policy: RestartPolicy, code: Int, expected: String) {
        var behaviour = PodBehaviour()
        let reason = code == 0 ? "Completed" : "Error"
        behaviour.exit = .init(delay: .init(after: .seconds(1)), code: code, reason: reason, times: 1)
        #expect(story(life(behaviour, restartPolicy: policy), 2).last == expected)
    }

    @Test("a pod without a node waits, and its life begins when it gets one")
    func unschedulable() {
        var behaviour = PodBehaviour()
        behaviour.unschedulable = .init(message: "0/3 nodes are available.", duration: .seconds(30))
        #expect(story(life(behaviour)) == ["0: Pending unscheduled x0", "30000: Running running x0 ready"])
        behaviour.unschedulable?.duration = nil
        #expect(story(life(behaviour)) == ["0: Pending unscheduled x0"])
    }

    @Test(
        "a deleted pod ends by itself, or is killed when its grace period is over",
        arguments: [
            (2, false, 30, "7000: Running Completed 0 x0 gone"), (40, false, 30, "35000: Running Error 137 x0 gone"),
            (2, false, 0, "5000: Running Error 137 x0 gone"), (0, false, 0, "5000: Running Completed 0 x0 gone"),
            (0, true, 30, "35000: Running Error 137 x0 gone"), (2, true, 0, "5000: Running Error 137 x0 gone"),
        ] as [(Int, Bool, Int, String)])
    func termination(after seconds: Int, ignoresSIGTERM: Bool, grace: Int, expected: String) {
        var behaviour = PodBehaviour()
        behaviour.termination = .init(delay: .init(after: .seconds(seconds)), ignoresSIGTERM: ignoresSIGTERM)
        var life = life(behaviour)
        _ = life.next()
        life.delete(at: Self.start + .seconds(5), gracePeriod: .seconds(grace))
        #expect(story(life) == [expected])
    }

    @Test("deleted again, a pod goes no later; and one that does not run goes at once")
    func deletedTwice() {
        var behaviour = PodBehaviour()
        behaviour.termination = .init(ignoresSIGTERM: true)
        var running = life(behaviour)
        _ = running.next()
        running.delete(at: Self.start + .seconds(1), gracePeriod: .seconds(30))
        running.delete(at: Self.start + .seconds(2), gracePeriod: .seconds(60))
        #expect(running.nextChange == Self.start + .seconds(31))
        running.delete(at: Self.start + .seconds(3), gracePeriod: .zero)
        #expect(story(running) == ["3000: Running Error 137 x0 gone"])

        behaviour.imagePull = .init(message: "manifest unknown")
        var waiting = life(behaviour)
        _ = waiting.next()
        waiting.delete(at: Self.start + .milliseconds(500), gracePeriod: .seconds(30))
        #expect(story(waiting) == ["500: Pending ErrImagePull x0 gone"])
    }

    @Test("equal seeds and pods live the same; other pods, revisions or seeds otherwise; jitter stays in its bounds")
    func seeded() throws {
        var behaviour = PodBehaviour()
        behaviour.start = .init(after: .seconds(1), jitter: .seconds(2))
        let starts = try (1...200).map { ordinal in
            var life = life(behaviour, ordinal: ordinal)
            _ = life.next()
            let started = life.next()
            return try #require(started).since.microseconds - Self.start.microseconds
        }
        #expect(starts.allSatisfy { (1_000_000...3_000_000).contains($0) })
        #expect(Set(starts).count > 190)
        #expect(story(life(behaviour, ordinal: 7)) == story(life(behaviour, ordinal: 7)))
        #expect(story(life(behaviour, ordinal: 7)) != story(life(behaviour, ordinal: 7, seed: 1)))
    }
}
