import EventLedger
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("What a call brought about")
struct AttributionTests {
    private static let time = Timestamp(microseconds: 1_000_000)

    /// What is told of the Deployment after the call was intended, and what of it is alice's doing.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The versions, in the order of the ledger.
        let told: [String]
        /// The version that the call was made on.
        let precondition: String?
        /// The version that the runner knows the call by, and the status of its answer, if it came.
        let known: String
        let status: Int?
        let attributed: [String]
    }

    static let cases = [
        Case(
            testDescription: "its answer names the version", told: ["90", "101", "102"], precondition: "100",
            known: "101", status: 200, attributed: ["101: exact"]),
        Case(
            testDescription: "its answer was lost, and the version stands", told: ["101"], precondition: "100",
            known: "101", status: nil, attributed: ["101: inferred"]),
        Case(
            testDescription: "others have changed it since", told: ["101", "102"], precondition: "100",
            known: "105", status: nil, attributed: ["101: inferred"]),
        Case(
            testDescription: "another recorder tells late of what came before", told: ["90", "102", "101"],
            precondition: "100", known: "105", status: nil, attributed: ["101: inferred"]),
        Case(
            testDescription: "nothing that came after the precondition was told", told: ["90", "100"],
            precondition: "100", known: "105", status: nil, attributed: []),
        Case(
            testDescription: "versions are numbers and not text", told: ["1001", "999"], precondition: "998",
            known: "1005", status: nil, attributed: ["999: inferred"]),
        Case(
            testDescription: "it was made on no version", told: ["101", "102"], precondition: nil, known: "105",
            status: nil, attributed: ["101: inferred"]),
    ]

    @Test("the first version after the one that a call was made on is the call's, whoever tells it", arguments: cases)
    func attribution(_ expected: Case) async throws {
        let stage = try SimulatedStage()
        let ledger = stage.ledger.ledger
        let started = try event("start", fact: .rolloutStarted(RolloutStarted(plan: plan)))
        var run = try #require(try RolloutRun(startedBy: started))
        var body: JSONValue = ["spec": ["replicas": 3]]
        if let version = expected.precondition { body["metadata"] = ["resourceVersion": .string(version)] }
        let intended = try event(
            "intent",
            fact: .callIntended(
                CallIntended(
                    method: "PATCH", path: "/apis/apps/v1/namespaces/default/deployments/web", body: body)),
            rollout: run.id)
        let completed = try event(
            "completed",
            fact: .callCompleted(
                CallCompleted(
                    call: intended.id, status: expected.status, uid: "uid-1", resourceVersion: expected.known)),
            rollout: run.id)
        let told = try expected.told.map { version in
            try event(
                version,
                fact: .deploymentScaled(
                    DeploymentScaled(
                        object: ObjectVersion(
                            kind: "Deployment", namespace: "default", name: "web", uid: "uid-1",
                            resourceVersion: version),
                        generation: 2, replicas: 3)),
                origin: .recorder)
        }
        let events = [started, intended] + told + [completed]
        _ = try await ledger.append(events)
        for event in events { try run.apply(event) }

        let place = try await stage.place(isNew: true, scenario: SimulatedStage.scenario)
        let journal = try stage.journal(place, run.stream)
        try await journal.attribute(try #require(run.newestCall), of: run)

        var attributed: [String] = []
        let names = Dictionary(uniqueKeysWithValues: zip(told.map(\.id), expected.told))
        for try await event in ledger.events(EventQuery(types: [EventType(rawValue: "actor.attributed")])) {
            guard case .actorAttributed(let fact) = try event.event.fact() else { continue }
            #expect(fact.actor == SimulatedStage.alice)
            attributed.append("\(names[fact.event] ?? "?"): \(fact.confidence)")
        }
        #expect(attributed == expected.attributed)
    }

    private var plan: RolloutPlan {
        let shape = DeploymentChange.Shape(
            template: ["spec": ["containers": []]], strategy: DeploymentStrategy(type: "RollingUpdate"))
        return RolloutPlan(
            .deployment(DeploymentChange(uid: "uid-1", target: shape, origin: shape)), onFailure: .rollback)
    }

    private func event(
        _ name: String, fact: Fact, rollout: EventID? = nil, origin: Origin = .engine
    ) throws -> Event {
        let id = EventID.derived(from: [name])
        let isStart = if case .rolloutStarted = fact { true } else { false }
        return try Event(
            id: id,
            stream: StreamName(cluster: "simulation", namespace: "default", kind: "deployment", name: "web"),
            fact: fact, occurredAt: Self.time, rollout: isStart ? id : rollout,
            actor: origin == .engine ? SimulatedStage.alice : nil, origin: origin)
    }
}
