import PretendNodes
import RolloutModel
import Testing

@Suite struct PodPlayerTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)

    private func player(_ rules: String = "", nodes: Int = 2, seed: Int = 0) throws -> PodPlayer {
        PodPlayer(
            behaviours: try Sight.behaviours(rules, seed: seed), nodes: PretendNode.numbered(nodes, prefix: "pretend-"))
    }

    private func time(_ seconds: Double) -> Timestamp { Self.start + .milliseconds(Int64(seconds * 1000)) }

    /// Does all that is due by then, every request of it at the moment it is due, and tells it.
    private func play(_ player: inout PodPlayer, until end: Double, _ outcome: PodStep.Outcome = .done) -> [String] {
        var story: [String] = []
        while let due = player.nextDue, due <= time(end), story.count < 200 {
            while let step = player.next(at: due) {
                story.append("\(due.seconds(since: Self.start)) \(step.name) \(Self.text(step.action))")
                player.finish(step, outcome, at: due)
                if outcome != .done { return story }
            }
        }
        return story
    }

    private func next(_ player: inout PodPlayer, at time: Timestamp) throws -> PodStep {
        let step = player.next(at: time)
        return try #require(step)
    }

    private static func status(_ step: PodStep) -> Pod.Status? {
        if case .show(let status) = step.action { status } else { nil }
    }

    private static func text(_ action: PodStep.Action) -> String {
        switch action {
        case .bind(let node): return "bind to \(node)"
        case .delete: return "delete"
        case .show(let status):
            let state = status.containerStatuses?.first?.state
            let isReady = status.containerStatuses?.first?.ready == true
            let condition = status.conditions?.first
            let container =
                state?.waiting?.reason ?? state?.terminated?.reason ?? (state?.running == nil ? nil : "running")
                ?? condition?.reason ?? ""
            return "\(status.phase ?? "") \(container)\(isReady ? " ready" : "")"
        }
    }

    @Test("a pod without a node gets the one with the fewest pods, then its life is played")
    func binds() throws {
        var player = try player(#"{"ready": {"after": "1s"}}"#)
        player.see(try Sight.pod("other", node: "pretend-1"), at: time(0))
        for name in ["a", "b"] { try player.see(Sight.pod(name), at: time(0)) }
        #expect(
            play(&player, until: 5) == [
                "0.0 other Running running", "0.0 a bind to pretend-2", "0.0 b bind to pretend-1",
                "0.0 a Running running", "0.0 b Running running", "1.0 other Running running ready",
                "1.0 a Running running ready", "1.0 b Running running ready",
            ])
        #expect(player.counts == PodPlayer.Counts(bound: 3, ready: 3))
        #expect(player.nextDue == nil)
    }

    @Test("a pod has one request under way at most, and shows every moment in its order, if need be late")
    func oneAtATime() throws {
        var player = try player(#"{"ready": {"after": "1s"}}"#)
        player.see(try Sight.pod("a"), at: time(0))
        let bind = try next(&player, at: time(0))
        player.see(try Sight.pod("a", node: "pretend-1"), at: time(2))
        let none = player.next(at: time(9))
        #expect(none == nil)
        player.finish(bind, .done, at: time(9))
        let texts = (0..<3).compactMap { _ in
            player.next(at: time(9)).map { step in
                player.finish(step, .done, at: time(9))
                return Self.text(step.action)
            }
        }
        #expect(texts == ["Running running", "Running running ready"])
    }

    @Test("pods on other nodes are left alone, also one that got there while it was to be bound")
    func foreign() throws {
        var player = try player()
        player.see(try Sight.pod("theirs", node: "worker"), at: time(0))
        #expect(player.nextDue == nil)
        player.see(try Sight.pod("a"), at: time(0))
        let bind = try next(&player, at: time(0))
        player.see(try Sight.pod("a", node: "worker"), at: time(0))
        player.finish(bind, .failed("already assigned"), at: time(0))
        #expect(player.nextDue == nil)
        #expect(player.counts == PodPlayer.Counts())
        let deleted = try Sight.pod("theirs", node: "worker", deleted: (time(30), 30))
        player.see(deleted, at: time(0))
        #expect(player.nextDue == nil)
    }

    @Test("a pod waits until its ReplicaSet is seen, and lives as its revision does")
    func revision() throws {
        var player = try player(#"{"match": {"revision": 2}, "ready": "never"}"#)
        for (name, owner) in [("new", "rs2"), ("old", "rs1"), ("gone", "rs2")] {
            player.see(try Sight.pod(name, node: "pretend-1", replicaSet: owner), at: time(0))
        }
        player.forget(pod: "uid-gone")
        #expect(player.nextDue == nil)
        player.see(try Sight.replicaSet("rs2", of: "web", revision: 2), at: time(1))
        #expect(play(&player, until: 5) == ["1.0 new Running running"])
        player.see(try Sight.replicaSet("rs1", of: "web", revision: 1), at: time(6))
        #expect(play(&player, until: 9) == ["6.0 old Running running ready"])
    }

    @Test("a deleted pod is played to its end and then deleted, however often it is seen on the way")
    func deletion() throws {
        var player = try player(#"{"termination": {"after": "1s", "jitter": "20s"}}"#, seed: 3)
        player.see(try Sight.pod("a", node: "pretend-1"), at: time(0))
        _ = play(&player, until: 1)
        let deleted = try Sight.pod("a", node: "pretend-1", deleted: (time(32), 30))
        player.see(deleted, at: time(2))
        let due = try #require(player.nextDue)
        #expect(due >= time(3))
        player.see(deleted, at: time(3))
        #expect(player.nextDue == due)
        let offset = due.seconds(since: Self.start)
        #expect(play(&player, until: 60) == ["\(offset) a Running Completed", "\(offset) a delete"])
        // Finalizers may hold it; then it is seen again.
        player.see(deleted, at: time(61))
        #expect(player.nextDue == nil)
        player.forget(pod: "uid-a")
        #expect(player.counts == PodPlayer.Counts())

        player.see(try Sight.pod("b", node: "pretend-1"), at: time(70))
        _ = play(&player, until: 70)
        player.see(try Sight.pod("b", node: "pretend-1", deleted: (time(100), 30)), at: time(70))
        player.see(try Sight.pod("b", node: "pretend-1", deleted: (time(70), 0)), at: time(70))
        #expect(play(&player, until: 71) == ["70.0 b Running Error", "70.0 b delete"])
    }

    @Test("what fails is tried again, later each time; what is gone is not")
    func failures() throws {
        var player = try player()
        player.see(try Sight.pod("a", node: "pretend-1"), at: time(0))
        var pauses: [Double] = []
        var last = time(0)
        for _ in 0..<9 {
            #expect(play(&player, until: 1000, .failed("The server is down.")).count == 1)
            #expect(player.trouble == "The server is down.")
            let due = try #require(player.nextDue)
            pauses.append(due.seconds(since: last))
            last = due
            // Seen meanwhile, it comes no sooner.
            player.see(try Sight.pod("a", node: "pretend-1"), at: time(0))
            #expect(player.nextDue == due)
        }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
        let recovered = play(&player, until: 1000)
        #expect(
            recovered.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == ["a Running running ready"]
        )
        #expect(player.counts == PodPlayer.Counts(bound: 1, ready: 1))

        player.see(try Sight.pod("b", node: "pretend-1"), at: time(500))
        _ = play(&player, until: 1000, .gone)
        #expect(player.nextDue == nil)
    }

    @Test("a pod that an earlier run left goes on from where it must be by now, with its address")
    func resumed() throws {
        var player = try player(#"{"exit": {"after": "2s", "times": 2, "backOff": "4s"}}"#)
        let status: JSONValue = [
            "phase": "Running", "podIP": "198.19.0.1", "startTime": .string(Self.start.rfc3339),
        ]
        // Runs until 2, again until 4, waits until 8.
        player.see(try Sight.pod("a", node: "pretend-1", status: status), at: time(6))
        player.see(try Sight.pod("b", node: "pretend-1"), at: time(6))
        let step = try next(&player, at: time(6))
        let shown = try #require(Self.status(step))
        #expect(shown.podIP == "198.19.0.1")
        #expect(shown.startTime == Self.start)
        #expect(shown.containerStatuses?.first?.restartCount == 1)
        #expect(shown.containerStatuses?.first?.state?.waiting?.reason == "CrashLoopBackOff")
        let other = try next(&player, at: time(6))
        #expect(Self.status(other)?.podIP == "198.19.0.2")
        player.finish(step, .done, at: time(6))
        #expect(player.nextDue == time(8))
    }

    @Test("a pod that somebody else ended is left as it is, and deleted at once when it is to go")
    func evicted() throws {
        let evicted: JSONValue = ["phase": "Failed", "reason": "Evicted"]
        for seenBefore in [false, true] {
            var player = try player(#"{"ready": {"after": "5s"}}"#)
            if seenBefore {
                player.see(try Sight.pod("a", node: "pretend-1"), at: time(0))
                #expect(play(&player, until: 1) == ["0.0 a Running running"])
            }
            player.see(try Sight.pod("a", node: "pretend-1", status: evicted), at: time(2))
            #expect(player.nextDue == nil)
            player.see(
                try Sight.pod("a", node: "pretend-1", status: evicted, deleted: (time(40), 30)), at: time(10))
            #expect(play(&player, until: 11) == ["10.0 a delete"])
        }
    }

    @Test("after a list, what is not in it is forgotten, in its namespace only")
    func kept() throws {
        var player = try player(nodes: 1)
        for name in ["a", "b"] { try player.see(Sight.pod(name, node: "pretend-1"), at: time(0)) }
        player.keep(only: [], namespace: "elsewhere")
        #expect(player.counts.bound == 2)
        player.keep(only: ["uid-b"], namespace: "shop")
        #expect(play(&player, until: 1) == ["0.0 b Running running ready"])
        player.keep(only: [], namespace: nil)
        #expect(player.counts.bound == 0)
    }

    @Test("with the same seed pods of other names and UIDs live the same, with another they do not")
    func seeded() throws {
        let rules = #"""
            {"start": {"jitter": "3s"}, "ready": {"jitter": "2s"}, "exit": {"after": "5s", "jitter": "5s", "times": 2}}
            """#
        func lives(seed: Int, suffix: String) throws -> [String] {
            var player = try player(rules, seed: seed)
            player.see(try Sight.replicaSet("rs-\(suffix)", of: "web", revision: 1), at: time(0))
            for number in 1...4 {
                let pod = try Sight.pod("web-\(number)", uid: "\(suffix)-\(number)", replicaSet: "rs-\(suffix)")
                player.see(pod, at: time(0))
            }
            return play(&player, until: 100)
        }
        let lives = try (lives(seed: 1, suffix: "x"), lives(seed: 1, suffix: "y"), lives(seed: 2, suffix: "x"))
        #expect(lives.0.count > 30)
        #expect(lives.0 == lives.1)
        #expect(lives.0 != lives.2)
    }

    @Test("5,000 pods share the nodes evenly, and each has an address of its own")
    func many() throws {
        var player = try player(#"{"start": {"after": "1s", "jitter": "5s"}}"#, nodes: 40)
        for number in 0..<5000 { try player.see(Sight.pod("pod-\(number)"), at: time(0)) }
        var load: [String: Int] = [:]
        var addresses: Set<String> = []
        while let due = player.nextDue {
            while let step = player.next(at: due) {
                if case .bind(let node) = step.action { load[node, default: 0] += 1 }
                if case .show(let status) = step.action, let address = status.podIP { addresses.insert(address) }
                player.finish(step, .done, at: due)
            }
        }
        #expect(load.count == 40)
        #expect(Set(load.values) == [125])
        #expect(addresses.count == 5000)
        #expect(player.counts == PodPlayer.Counts(bound: 5000, ready: 5000))
    }
}
