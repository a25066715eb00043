import RolloutModel
import Testing

@testable import Replay

@Suite("Replays with other images")
struct MappedImagesTests {
    @Test(
        "a plan with other images comes out as recorded",
        arguments: [("deployment/web", 3), ("deployment/web-canary", 2), ("pod/batch", 2)])
    func reproduced(subject: String, number: Int) async throws {
        let plan = try await FixtureHistory.kubernetes().plan(subject, number)
        let recorded = Set(plan.images)
        let images = Dictionary(uniqueKeysWithValues: recorded.map { ($0, "mirror.test/\($0)") })
        let mapped = try plan.mappingImages(images)
        #expect(!recorded.isEmpty && Set(mapped.images) == Set(images.values))
        #expect(
            Set(mapped.behaviours.rules.compactMap(\.match.image?.text)).isSubset(of: Set(images.values)))
        #expect(mapped.comparison(with: try await mapped.simulated()).findings.filter { $0.kind != .matched } == [])
    }

    @Test("without images a plan stays as it is; an image that no pod has is refused")
    func untouched() async throws {
        let plan = try await FixtureHistory.kubernetes().plan("deployment/web", 3)
        #expect(try plan.mappingImages([:]) == plan)
        #expect {
            try plan.mappingImages(["other:1": "other:2"])
        } throws: { error in
            (error as? ShipslogError)?.message == "No pod of deploy/web@3 has the image other:1."
        }
    }

    @Test("two revisions with the same image would be one, which is refused")
    func collision() async throws {
        let plan = try await FixtureHistory.kubernetes().plan("deployment/web", 3)
        let images = Dictionary(uniqueKeysWithValues: Set(plan.images).map { ($0, "nginx:same") })
        #expect {
            try plan.mappingImages(images)
        } throws: { error in
            guard let error = error as? ShipslogError else { return false }
            return error.code == .invalidArgument
                && error.message.hasSuffix("of deploy/web are the same.")
        }
    }

    @Test("pods that wait for another scheduler come out as recorded")
    func scheduled() async throws {
        let plan = try await FixtureHistory.kubernetes().plan("deployment/web", 4).scheduled(by: "other")
        #expect(plan.podSpecs.count == 3)
        #expect(plan.podSpecs.allSatisfy { $0["schedulerName"] == "other" })
        #expect(plan.comparison(with: try await plan.simulated()).findings.filter { $0.kind != .matched } == [])
    }

    @Test("at ten times the speed lives and deadlines take a tenth of the time; a deadline is no less than ten seconds")
    func speed() throws {
        var plan = ReplayPlan(
            name: "deploy/web@1", cluster: "prod", startsAt: Timestamp(microseconds: 5_000_000),
            comparedFrom: Timestamp(microseconds: 5_000_000), endsAt: Timestamp(microseconds: 5_000_000), objects: [],
            actions: [], behaviours: PodBehaviours(), expectations: [], aftermath: [], revisions: [:], remarks: [])
        var behaviour = PodBehaviour()
        behaviour.scripts = [
            PodScript(
                createdAt: Timestamp(microseconds: 15_000_000), steps: [PodScript.Step(after: .seconds(20))],
                termination: .seconds(3))
        ]
        plan.behaviours.rules = [PodBehaviours.Rule(behaviour: behaviour)]
        let deadlines = [600, 60, 5].map { (seconds: Int64) -> ReplayPlan.Setup in
            ReplayPlan.Setup(
                subject: StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web"),
                request: Request(
                    method: "POST", path: "/", contentType: Request.json,
                    body: ["spec": ["progressDeadlineSeconds": .integer(seconds), "minReadySeconds": 5]]))
        }
        plan.objects = deadlines
        let played = plan.played(at: 10, from: Timestamp(microseconds: 100_000_000))
        #expect(
            played.behaviours.rules[0].behaviour.scripts == [
                PodScript(
                    createdAt: Timestamp(microseconds: 101_000_000), steps: [PodScript.Step(after: .seconds(2))],
                    termination: .milliseconds(300))
            ])
        #expect(
            played.objects.map(\.request.body)
                == [60, 10, 5].map {
                    ["spec": ["progressDeadlineSeconds": .integer($0), "minReadySeconds": 1]]
                })
    }
}
