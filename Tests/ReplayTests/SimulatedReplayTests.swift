import ShipslogTesting
import Testing

@testable import Replay
@testable import RolloutModel

@Suite("Recorded rollouts on a simulated cluster") struct SimulatedReplayTests {
    /// What of a comparison is no match, in words.
    private func differences(_ comparison: Comparison) -> [String] {
        comparison.findings.filter { $0.kind != .matched }.map { finding in
            let sides = [finding.recorded, finding.replayed].map { side in
                side.map { "\($0.about): \($0.what)" } ?? "nothing"
            }
            return "\(finding.kind): \(sides[0]), now \(sides[1])"
        }
    }

    @Test("every rollout of the fixture comes out as recorded: outcome, diagnosis, sizes, readiness, troubles")
    func everyRollout() async throws {
        let fixture = try await FixtureHistory.kubernetes()
        let rollouts = await fixture.history.rollouts.values.sorted { $0.startPosition < $1.startPosition }
        var told: [String] = []
        for rollout in rollouts {
            let plan = try await fixture.plan(rollout.stream.subject, rollout.number)
            let performance = try await plan.simulated()
            let comparison = plan.comparison(with: performance)
            #expect(differences(comparison) == [])
            #expect(performance.refusals == [] && performance.problems == [])
            told.append("\(plan.name) \(plan.actions.count) \(comparison.count(.matched))")
            let isOutcome = { (milestone: Milestone) in
                milestone.about.hasPrefix("\(rollout.stream.shortName) rollout to ")
            }
            let outcome = performance.milestones.last(where: isOutcome)
            #expect(outcome?.what == plan.expectations.last(where: isOutcome)?.what)
            #expect(outcome?.what.hasSuffix(rollout.diagnosis ?? "") == true)
        }
        #expect(
            told == [
                "deploy/web@1 3 15", "deploy/web@2 2 35", "deploy/web@3 1 14", "deploy/web@4 2 10",
                "deploy/web@5 1 31", "deploy/cart-blue@1 2 12", "deploy/cart-green@1 1 11", "svc/cart@1 1 3",
                "svc/cart@2 1 3", "svc/cart@3 1 3", "deploy/web-canary@1 1 6", "pod/batch@1 1 3", "pod/batch@2 3 17",
                "pod/batch@3 4 7", "deploy/web-canary@2 2 136", "deploy/web-canary@3 2 43", "deploy/web-canary@4 6 49",
            ])
    }

    @Test("everything that happened in a namespace is replayed in one go")
    func wholeSpan() async throws {
        let fixture = try await FixtureHistory.kubernetes()
        let subjects = try await fixture.streams(cluster: "prod", namespace: "shop").filter {
            ["deployment", "service", "pod"].contains($0.kind)
        }
        let plan = try await fixture.planner.plan(
            ReplaySpan(name: "all", subjects: subjects, after: 0, through: .init(rawValue: .max)))
        let performance = try await plan.simulated()
        #expect(differences(plan.comparison(with: performance)) == [])
        #expect(plan.objects == [])
        #expect(performance.done == plan.actions.count && performance.problems == [])
        #expect(performance.refusals.map { "\($0.action.summary): \($0.reason)" } == [])
    }

    @Test("Deployments of one name in two namespaces each have pods that live as their own did")
    func namespaces() throws {
        let time = Timestamp(microseconds: 0)
        func lives(in namespaces: [String]) -> [PodMatch] {
            var lives = TwinLives()
            for namespace in namespaces {
                let object = ObjectVersion(
                    kind: "Pod", namespace: namespace, name: "web-1", uid: namespace, resourceVersion: "1")
                let created = PodCreated(object: object, createdAt: time, labels: [:], containers: [])
                let subject = StreamName(cluster: "c", namespace: namespace, kind: "deployment", name: "web")
                lives.add(
                    PodState(created), role: PodRole(subject: subject, revision: 1, ordinal: 1), template: nil,
                    at: time,
                    wasThere: false)
                lives.take(.podReadinessObserved(PodReadinessObserved(object: object, ready: true)), at: time)
            }
            return lives.behaviours().rules.map(\.match)
        }
        #expect(
            lives(in: ["shop"]) == [PodMatch(owner: "web", ordinal: 1), PodMatch(owner: "web"), PodMatch(owner: "web")])
        let match = { PodMatch(namespace: $0, owner: "web", ordinal: $1) }
        #expect(
            lives(in: ["shop", "mall"]) == [
                match("shop", 1), match("mall", 1), match("shop", nil), match("mall", nil), match("mall", nil),
                match("shop", nil),
            ])
    }

    @Test("the same seed gives the same, to the last name")
    func deterministic() async throws {
        let plan = try await FixtureHistory.kubernetes().plan("deployment/web-canary", 2)
        #expect(try await plan.simulated(seed: 7) == plan.simulated(seed: 7))
    }

    @Test("another image, other lives: what differs is named")
    func diverged() async throws {
        var plan = try await FixtureHistory.kubernetes().plan("deployment/web", 3)
        plan.behaviours = PodBehaviours()
        let comparison = plan.comparison(with: try await plan.simulated())
        #expect(!comparison.isReproduced)
        let outcome = comparison.findings.first { $0.recorded?.about == "deploy/web rollout to r3" }
        #expect(outcome?.kind == .otherOutcome)
        #expect(outcome?.replayed?.what == "succeeded")
        #expect(
            comparison.findings.contains { $0.kind == .missing && $0.recorded?.what == "waiting: ImagePullBackOff" })
    }
}
