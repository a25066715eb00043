import RolloutModel
import ShipslogTesting
import Testing

/// The streams that ship with the tests, recorded into a history in memory.
func recordedHistory() async throws -> FoldedHistory { try await RecordedFixture.history() }

func stream(_ subject: String, namespace: String = "shop") throws -> StreamName {
    try #require(StreamName("prod/\(namespace)/\(subject)"))
}

@Suite struct RecordedRolloutsTests {
    /// What a person would say of a rollout.
    struct Story: Equatable, CustomStringConvertible {
        var kind: Rollout.Kind = .rollout
        var strategy: Rollout.Strategy = .rollingUpdate
        var outcome: Rollout.Outcome = .succeeded
        var from: [String] = []
        var to: [String] = []
        var restores: Int?
        var diagnosis: String?
        var actor: String
        var changeCause: String?

        var description: String {
            "\(kind) \(strategy) \(outcome) \(from)→\(to) restores \(restores ?? 0): \(diagnosis ?? "-") by \(actor), \(changeCause ?? "-")"
        }

        init(
            _ kind: Rollout.Kind = .rollout, _ strategy: Rollout.Strategy = .rollingUpdate,
            _ outcome: Rollout.Outcome = .succeeded, from: [String] = [], to: [String] = [], restores: Int? = nil,
            diagnosis: String? = nil, by actor: String, changeCause: String? = nil
        ) {
            self.kind = kind
            self.strategy = strategy
            self.outcome = outcome
            self.from = from
            self.to = to
            self.restores = restores
            self.diagnosis = diagnosis
            self.actor = actor
            self.changeCause = changeCause
        }

        init(_ rollout: Rollout) {
            self.init(
                rollout.kind, rollout.strategy, rollout.outcome, from: rollout.fromImages, to: rollout.toImages,
                restores: rollout.restores, diagnosis: rollout.diagnosis, by: rollout.actor?.name ?? "nobody",
                changeCause: rollout.changeCause
            )
        }
    }

    static let recorded: [(String, [Story])] = [
        (
            "deployment/web",
            [
                Story(to: ["nginx:1.25"], by: "kubectl-create", changeCause: "initial release 1.25"),
                Story(from: ["nginx:1.25"], to: ["nginx:1.26"], by: "kubectl-set", changeCause: "1.26"),
                Story(
                    .rollout, .rollingUpdate, .failed, from: ["nginx:1.26"], to: ["nginx:bad"],
                    diagnosis: "ImagePullBackOff: nginx:bad (2 of 2 new pods); ProgressDeadlineExceeded",
                    by: "kubectl-set"
                ),
                Story(.rollback, from: ["nginx:bad"], to: ["nginx:1.26"], restores: 2, by: "kubectl"),
                Story(.rollout, .recreate, from: ["nginx:1.26"], to: ["nginx:1.27"], by: "kubectl-set"),
            ]
        ),
        (
            "deployment/web-canary",
            [
                Story(to: ["nginx:1.28"], by: "kubectl-client-side-apply"),
                Story(
                    .rollout, .rollingUpdate, .rolledBack, from: ["nginx:1.28"], to: ["nginx:crash"],
                    diagnosis: "CrashLoopBackOff: nginx:crash (6 of 6 new pods)", by: "kubectl-set"
                ),
                Story(.rollback, from: ["nginx:crash"], to: ["nginx:1.28"], restores: 1, by: "kubectl"),
                Story(from: ["nginx:1.28"], to: ["nginx:1.29"], by: "kubectl-set"),
            ]
        ),
        ("deployment/cart-blue", [Story(to: ["cart:1.0"], by: "kubectl-client-side-apply")]),
        ("deployment/cart-green", [Story(to: ["cart:2.0"], by: "kubectl-client-side-apply")]),
        (
            "service/cart",
            [
                Story(.rollout, .blueGreen, by: "kubectl-patch"), Story(.rollback, .blueGreen, by: "kubectl-patch"),
                Story(.rollout, .blueGreen, by: "kubectl-patch"),
            ]
        ),
        ("service/web", []),
        (
            "pod/batch",
            [
                Story(.rollout, .replace, to: ["batch:v1"], by: "kubectl-client-side-apply"),
                Story(
                    .rollout, .replace, .rolledBack, from: ["batch:v1"], to: ["batch:crash"],
                    diagnosis: "CrashLoopBackOff: batch:crash (1 of 1 new pod)", by: "kubectl-client-side-apply"
                ),
                Story(
                    .rollback, .replace, from: ["batch:crash"], to: ["batch:v1"], restores: 1,
                    by: "kubectl-client-side-apply"
                ),
            ]
        ),
    ]

    @Test(
        "every rollout of the recording has its outcome, its images, its diagnosis and its maker", arguments: recorded)
    func stories(subject: String, expected: [Story]) async throws {
        let rollouts = try await recordedHistory().rollouts(of: stream(subject))
        #expect(rollouts.map(Story.init) == expected)
        #expect(rollouts.map(\.number) == expected.indices.map { $0 + 1 })
    }

    @Test("the switches of the Service tell which labels they led from and to")
    func switches() async throws {
        let rollouts = try await recordedHistory().rollouts(of: stream("service/cart"))
        let blue = ["app": "cart", "color": "blue"]
        let green = ["app": "cart", "color": "green"]
        #expect(rollouts.map(\.fromSelector) == [blue, green, blue])
        #expect(rollouts.map(\.toSelector) == [green, blue, green])
        #expect(rollouts.map(\.lowestReady) == [3, 3, 3])
    }

    @Test("recreating takes the Service down, a rolling update does not")
    func downTime() async throws {
        let history = try await recordedHistory()
        let outages = await history.outages.values.sorted { $0.startPosition < $1.startPosition }
        let recreate = try #require(await history.rollouts(of: stream("deployment/web")).last)
        let crash = try #require(await history.rollouts(of: stream("deployment/web-canary")).dropFirst().first)
        #expect(outages.map(\.stream) == [try stream("service/web"), try stream("service/web")])
        let seconds = outages.map { $0.endedAt?.seconds(since: $0.startedAt) }
        #expect(seconds == [1, 7])
        #expect(outages[0].startPosition > recreate.startPosition)
        #expect(outages[0].startPosition < (try #require(recreate.endPosition)))
        #expect(outages[1].startPosition > crash.startPosition)
    }

    @Test("a rolling update never has fewer ready pods than its strategy allows, recreate has none")
    func figures() async throws {
        let rollouts = try await recordedHistory().rollouts(of: stream("deployment/web"))
        #expect(rollouts.map(\.lowestReady) == [0, 3, 3, 3, 0])
        #expect(rollouts.map(\.mostPods) == [4, 6, 6, 6, 4])
        #expect(rollouts.map(\.durationSeconds) == [1, 3, 6, 1, 2])
        #expect(rollouts.map { $0.pods.count } == [4, 4, 2, 1, 4])
    }

    @Test("a change made while paused belongs to the rollout that the resume lets go")
    func heldBack() async throws {
        let history = try await recordedHistory()
        let rollout = try #require(await history.rollouts(of: stream("deployment/web-canary")).last)
        let first = try #require(await history.events.first { $0.position == rollout.firstPosition })
        let start = try #require(await history.events.first { $0.position == rollout.startPosition })
        #expect(first.event.type.rawValue == "deployment.template_changed")
        #expect(start.event.type.rawValue == "deployment.resumed")
    }
}
