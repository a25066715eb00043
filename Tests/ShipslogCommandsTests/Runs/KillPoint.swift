import EventLedger
import RolloutEngine
import RolloutModel
import Testing

@testable import ShipslogCommands

/// A point between two events of a run, at which its runner dies.
struct KillPoint: Sendable {
    /// From 1.
    var event: Int
    /// Whether that event is not written down any more.
    var isBefore: Bool

    /// The points of a run, before the first event among them.
    ///
    /// Between a call's intention and its completion there are two: the call may have been made.
    static func all(between types: [String]) -> [KillPoint] {
        [KillPoint(event: 1, isBefore: true)]
            + zip(1..., types).dropLast().flatMap { number, type in
                let after = KillPoint(event: number, isBefore: false)
                return type == "call.intended" ? [after, KillPoint(event: number + 1, isBefore: true)] : [after]
            }
    }

    /// A runner, and what the cluster was given before if it is a simulated one.
    typealias Crew = (runner: RolloutRunner, scenario: Scenario?)

    /// Carries a plan out with a runner that dies here, and another one that goes on.
    ///
    /// - Parameter crew: Makes a runner that begins a run or goes on with one, and dies at a point if one is given.
    func disturb(
        _ plan: RolloutPlan, of stream: StreamName, by actor: Actor, in ledger: Ledger,
        crew: (_ isNew: Bool, _ point: KillPoint?) async throws -> Crew
    ) async throws -> RolloutRun {
        let first = try await crew(true, self)
        await #expect(throws: DyingJournal.Death.self) {
            _ = try await first.runner.run(plan, of: stream, reason: nil, by: actor, scenario: first.scenario)
        }
        let open = try await RunCatalog(ledger: ledger).open(of: stream)
        if let run = open.first {
            #expect(open.count == 1)
            return try await crew(false, nil).runner.resume(run)
        }
        // It died before it was written down that there is a run, so nothing was done.
        let next = try await crew(true, nil)
        return try await next.runner.run(plan, of: stream, reason: nil, by: actor, scenario: next.scenario)
    }
}

extension DyingJournal {
    init(_ journal: LedgerJournal, at point: KillPoint) {
        self.init(journal, at: point.event, isBefore: point.isBefore)
    }
}

/// What came of a run, as far as it is the same whenever things happen.
struct RunEnding: Equatable {
    var end: RolloutRun.End?
    var objects: [String]
    /// The rollouts of the subject, with who did it.
    var story: [String]
    /// How many pods were made, and how many are gone, of each subject.
    var pods: [String: Int]
    var repeatedCalls: [String]

    init(of run: RolloutRun, on cluster: any Cluster, in namespace: String, _ ledger: Ledger) async throws {
        func list(_ resource: Resource) async throws -> [(name: String, object: JSONValue)] {
            try await cluster.list(ClusterSelection(resource, namespace: namespace)).map {
                ($0["metadata"]?["name"]?.string ?? "", $0)
            }
        }
        objects = []
        for (name, deployment) in try await list(.deployments) {
            let spec = deployment["spec"]
            objects.append(
                "\(name): \(spec?["replicas"]?.integer ?? 0) of \(Template.images(spec?["template"] ?? [:]).joined()) "
                    + (spec?["strategy"]?["type"]?.string ?? ""))
        }
        for (name, pod) in try await list(.pods) where pod["metadata"]?["ownerReferences"] == nil {
            objects.append("\(name): \(Template.images(pod).joined())")
        }
        for (name, service) in try await list(.services) {
            let selector = (service["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
            objects.append("svc/\(name): \(ImageText.labels(selector))")
        }
        // A cluster may know of no routes.
        for (_, route) in run.plan.route == nil ? [] : try await list(.httpRoutes) {
            let rules = try CanonicalJSON.encode(route["spec"]?["rules"] ?? .null)
            objects.append(String(decoding: rules, as: UTF8.self))
        }
        end = run.end
        let rollouts = try ledger.rollouts(RolloutQuery(stream: run.stream))
        story = zip(try ledger.story(of: run.stream), rollouts).map { "\($0) by \($1.actor?.name ?? "nobody")" }
        pods = [:]
        for stream in run.plan.streams(of: run.stream) {
            for (key, count) in try await ledger.podCounts(of: stream) { pods["\(stream.name) \(key)"] = count }
        }
        repeatedCalls = try await ledger.repeatedCalls(in: run)
    }
}

extension Ledger {
    /// The types of the events that the runner of a run wrote.
    func types(of run: RolloutRun) async throws -> [String] {
        var types: [String] = []
        for try await event in events(EventQuery(rollout: run.id))
        where event.event.type.rawValue != "actor.attributed" { types.append(event.event.type.rawValue) }
        return types
    }

    /// The calls of a run that were carried out more than once in one direction.
    fileprivate func repeatedCalls(in run: RolloutRun) async throws -> [String] {
        var seen: Set<String> = []
        var repeated: [String] = []
        var intended: [EventID: CallIntended] = [:]
        for try await event in events(EventQuery(rollout: run.id)) {
            switch try event.event.fact() {
            case .rollbackStarted: seen = []
            case .callIntended(let call): intended[event.event.id] = call
            case .callCompleted(let completed):
                guard var call = intended[completed.call] else { continue }
                call.body["metadata"]?["resourceVersion"] = nil
                let text =
                    "\(call.method) \(call.path) \(String(decoding: try CanonicalJSON.encode(call.body), as: UTF8.self))"
                if !seen.insert(text).inserted { repeated.append(text) }
            default: break
            }
        }
        return repeated
    }
}
