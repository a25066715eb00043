import RolloutModel
import Testing

@Suite struct PodStatusTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)

    private func statuses(
        _ behaviour: PodBehaviour, match: PodMatch = PodMatch(), images: [String] = ["nginx:1"], count: Int
    ) -> [Pod.Status] {
        let traits = PodTraits(name: "web-1", labels: [:], images: images, owner: "web")
        var life = PodBehaviours(rules: [.init(match: match, behaviour: behaviour)]).life(of: traits, from: Self.start)
        let writer = PodStatusWriter(
            pod: "web-1_shop(u1)",
            containers: images.enumerated().map { ContainerImage(name: "c\($0)", image: $1) }, images: life.images,
            hostIP: "192.0.2.1", podIP: "10.0.0.1")
        return (0..<count).compactMap { _ in life.next().map { writer.status(of: $0) } }
    }

    @Test("a ready pod has the conditions that a kubelet writes")
    func ready() {
        func condition(_ type: String) -> Condition {
            Condition(type: type, status: "True", lastTransitionTime: Self.start)
        }
        let status = statuses(PodBehaviour(), count: 1)
        let written = status.first?.containerStatuses?.first
        #expect(written?.imageID?.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
        #expect(written?.containerID?.wholeMatch(of: #/pretend://[0-9a-f]{64}/#) != nil)
        let container = Pod.ContainerStatus(
            name: "c0", image: "nginx:1", imageID: written?.imageID, restartCount: 0, ready: true, started: true,
            containerID: written?.containerID, state: .init(running: .init(startedAt: Self.start)))
        #expect(
            status == [
                Pod.Status(
                    phase: "Running",
                    conditions: [
                        condition("Initialized"), condition("Ready"), condition("ContainersReady"),
                        condition("PodScheduled"),
                    ],
                    hostIP: "192.0.2.1", podIP: "10.0.0.1", startTime: Self.start, containerStatuses: [container])
            ])
    }

    @Test("a crash loop says how it ended and how long it backs off")
    func crashLoop() {
        var behaviour = PodBehaviour()
        behaviour.exit = .init(delay: .init(after: .seconds(1)), code: 1, reason: "Error")
        let status = statuses(behaviour, count: 5).last
        #expect(
            status?.containerStatuses?.first?.state
                == .init(
                    waiting: .init(
                        reason: "CrashLoopBackOff",
                        message: "back-off 10s restarting failed container=c0 pod=web-1_shop(u1)")))
        #expect(
            status?.containerStatuses?.first?.lastState?.terminated
                == .init(
                    reason: "Error", exitCode: 1, startedAt: Self.start + .seconds(1),
                    finishedAt: Self.start + .seconds(2)))
        #expect(
            status?.conditions?[1]
                == Condition(
                    type: "Ready", status: "False", reason: "ContainersNotReady",
                    message: "containers with unready status: [c0]", lastTransitionTime: Self.start + .seconds(2)))
    }

    @Test("each start is another container, and a container that waits to be started again is the one before")
    func containerIDs() {
        var behaviour = PodBehaviour()
        behaviour.exit = .init(delay: .init(after: .seconds(1)), code: 1, reason: "Error")
        // Running, ended, running, ended, waiting, running.
        let containers = statuses(behaviour, count: 6).map { $0.containerStatuses?.first }
        #expect(containers.map { $0?.restartCount } == [0, 0, 1, 1, 1, 2])
        let ids = containers.map { $0?.containerID }
        #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[3] == ids[4])
        #expect(Set(ids).count == 3)
        #expect(containers.map { $0?.started } == [true, false, true, false, false, true])
    }

    @Test("a rule for an image leaves the other containers running")
    func bystander() {
        var behaviour = PodBehaviour()
        behaviour.imagePull = .init(message: "manifest unknown")
        let status = statuses(
            behaviour, match: PodMatch(image: Pattern("*:bad")), images: ["nginx:bad", "proxy:1"], count: 2
        ).last
        #expect(
            status?.containerStatuses?.map(\.state) == [
                .init(
                    waiting: .init(
                        reason: "ImagePullBackOff", message: "Back-off pulling image \"nginx:bad\"")),
                .init(running: .init(startedAt: Self.start)),
            ])
        #expect(status?.conditions?[1].message == "containers with unready status: [c0]")
        #expect(status?.phase == "Pending")
    }

    @Test("a pod without a node says why")
    func unschedulable() {
        var behaviour = PodBehaviour()
        behaviour.unschedulable = .init(message: "0/3 nodes are available: 3 Insufficient cpu.")
        #expect(
            statuses(behaviour, count: 1) == [
                Pod.Status(
                    phase: "Pending",
                    conditions: [
                        Condition(
                            type: "PodScheduled", status: "False", reason: "Unschedulable",
                            message: "0/3 nodes are available: 3 Insufficient cpu.", lastTransitionTime: Self.start)
                    ])
            ])
    }
}
