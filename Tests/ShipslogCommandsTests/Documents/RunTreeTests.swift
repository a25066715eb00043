import Testing

@testable import RolloutModel
@testable import ShipslogCommands

@Suite("A run as a tree on a terminal")
struct RunTreeTests {
    private static let time = Timestamp(microseconds: 1_767_225_600_000_000)

    private func stream(_ kind: String, _ name: String) -> StreamName {
        StreamName(cluster: "c", namespace: "n", kind: kind, name: name)
    }

    private func pod(
        _ name: String, _ image: String, of owner: String? = nil, ready: Bool = true, stuck: (String, String)? = nil,
        restarts: Int = 0
    ) -> PodState {
        var pod = PodState(
            PodCreated(
                object: ObjectVersion(kind: "Pod", namespace: "n", name: name, uid: name, resourceVersion: "1"),
                createdAt: Self.time, owner: owner.map { Owner(kind: "ReplicaSet", name: $0, uid: $0) }, labels: [:],
                containers: [ContainerImage(name: "web", image: image)]))
        pod.ready = ready
        pod.phase = "Pending"
        if let stuck { pod.stuck["web"] = PodState.Stuck(reason: stuck.0, message: stuck.1, image: image) }
        if restarts > 0 { pod.restartCounts["web"] = restarts }
        return pod
    }

    private func deployment(pods: [PodState]) -> DeploymentState {
        var state = DeploymentState(stream: stream("deployment", "web"))
        state.uid = "d"
        state.desired = 3
        state.status.ready = pods.count(where: \.ready)
        for (index, name) in ["old", "new"].enumerated() {
            state.revisions.append(
                DeploymentState.RevisionSummary(digest: name, images: ["nginx:\(name)"], createdAt: Self.time))
            state.replicaSets[name] = DeploymentState.ReplicaSet(
                uid: name, name: name, desired: 1, revision: index + 1)
        }
        state.pods = Dictionary(uniqueKeysWithValues: pods.map { ($0.uid, $0) })
        return state
    }

    private func text(_ states: [(stream: StreamName, state: SubjectState)]) -> [String] {
        RunTree.lines(of: states).map { $0.rendered(colours: false) }
    }

    @Test("a Service, its Deployment, the revisions, the newest first, and their pods, those in trouble first")
    func whole() {
        var service = ServiceState(stream: stream("service", "web"))
        service.uid = "s"
        service.selector = ["app": "web"]
        let state = deployment(pods: [
            pod("a", "nginx:old", of: "old"), pod("b", "nginx:old", of: "old", restarts: 1),
            pod("c", "nginx:new", of: "new"), pod("d", "nginx:new", of: "new", ready: false),
            pod("e", "nginx:new", of: "new", ready: false, stuck: ("ImagePullBackOff", "no\u{1B}[31m such")),
        ])
        #expect(
            text([(service.stream, .service(service)), (state.stream, .deployment(state))]) == [
                "svc/web  app=web  0 ready endpoints",
                "deploy/web  3/3 ready",
                "├─ r2 nginx:new  1/3",
                "│  ├─ d  Pending",
                "│  ├─ e  ImagePullBackOff: no^[[31m such",
                "│  └─ c  ready",
                "└─ r1 nginx:old  2/2",
                "   ├─ a  ready",
                "   └─ b  ready  1 restart",
            ])
    }

    @Test("of many pods some are shown, and how many more there are; who is not there is left out")
    func many() {
        let pods = (10..<40).map { pod("p\($0)", "nginx:new", of: "new", ready: $0 != 30) }
        let lines = text([
            (
                stream("deployment", "web-canary"),
                .deployment(DeploymentState(stream: stream("deployment", "web-canary")))
            ),
            (stream("deployment", "web"), .deployment(deployment(pods: pods))),
        ])
        #expect(lines.count == 2 + RunTree.podLimit + 1)
        #expect(lines[2] == "   ├─ p30  Pending")
        #expect(lines.last == "   └─ and 18 more, 18 of them ready")
    }

    @Test("a pod without a controller is a line of its own")
    func bare() {
        var state = BarePodState(stream: stream("pod", "batch"))
        state.pod = pod("batch", "busybox:1")
        #expect(text([(state.stream, .pod(state))]) == ["pod/batch  ready"])
    }

    @Test("lines are drawn over those before, cut to the terminal; what is said stays above")
    func region() throws {
        let paper = Paper()
        var region = LiveRegion(paper.sink, colours: false)
        let size = TerminalSize(columns: 10, rows: 5)
        try region.draw(["one", "two"], size: size)
        try region.draw(["one", "two"], size: size)
        try region.draw(["three is too long", "4", "5", "6"], above: "said", size: size)
        region.leave()
        try region.draw(["7"], size: size)
        #expect(paper.text == "one\ntwo\n\r\u{1B}[2A\u{1B}[Jsaid\n4\n5\n6\n7\n")
        try region.draw([StyledText("three is too long", .bad)], size: size)
        #expect(paper.text.hasSuffix("\r\u{1B}[1A\u{1B}[Jthree is…\n"))
    }
}
