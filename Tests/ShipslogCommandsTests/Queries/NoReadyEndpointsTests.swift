import Testing

@testable import RolloutModel
@testable import ShipslogCommands

@Suite("Time with no ready endpoint")
struct NoReadyEndpointsTests {
    private let web = StreamName(cluster: "prod", namespace: "shop", kind: "deployment", name: "web")
    private let service = StreamName(cluster: "prod", namespace: "shop", kind: "service", name: "web")

    private func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    private func rollout(of stream: StreamName, from start: Int64, to end: Int64?, at position: Position = 10)
        -> Rollout
    {
        Rollout(
            stream: stream, number: 1, kind: .rollout, strategy: .rollingUpdate, outcome: .succeeded, fromImages: [],
            toImages: ["nginx:1"], revision: 1, startedAt: time(start), endedAt: end.map(time), desired: 1, pods: [],
            lowestReady: 0, mostPods: 1, firstPosition: position, startPosition: position,
            endPosition: end.map { _ in Position(rawValue: position.rawValue + 10) }
        )
    }

    private func outage(_ start: Int64, _ end: Int64?) -> Outage {
        Outage(stream: service, number: 1, startedAt: time(start), endedAt: end.map(time), startPosition: 1)
    }

    private func history(_ selector: [String: String]?, _ outages: [Outage], switches: [Rollout] = []) -> ServiceHistory
    {
        ServiceHistory(stream: service, firstSelector: selector, switches: switches, outages: outages)
    }

    private func seconds(_ rollout: Rollout, _ services: [ServiceHistory]) -> Double? {
        NoReadyEndpoints.seconds(of: rollout, labels: ["app": "web", "tier": "a"], services: services, now: time(100))
    }

    @Test("it is unknown without a Service over the subject: one that selects other labels or nobody is none")
    func noService() {
        let rollout = rollout(of: web, from: 10, to: 20)
        #expect(seconds(rollout, []) == nil)
        #expect(seconds(rollout, [history(["app": "cart"], [outage(0, 50)]), history([:], [outage(0, 50)])]) == nil)
        #expect(seconds(rollout, [history(nil, [outage(0, 50)])]) == nil)
    }

    @Test("only what lies within the rollout counts, and what overlaps counts once")
    func overlap() {
        let outages = [outage(0, 11), outage(12, 14), outage(13, 15), outage(19, nil), outage(30, 40)]
        #expect(seconds(rollout(of: web, from: 10, to: 20), [history(["app": "web"], outages)]) == 5)
        #expect(seconds(rollout(of: web, from: 10, to: nil), [history(["app": "web"], [outage(90, nil)])]) == 10)
        #expect(seconds(rollout(of: web, from: 10, to: 20), [history(["app": "web"], [])]) == 0)
    }

    @Test("the selector is that of the end of the rollout")
    func selectorOverTime() {
        var toWeb = rollout(of: service, from: 5, to: 5, at: 20)
        toWeb.toSelector = ["app": "web"]
        let history = history(["app": "other"], [outage(12, 14)], switches: [toWeb])
        #expect(seconds(rollout(of: web, from: 10, to: 20, at: 10), [history]) == 2)
        #expect(seconds(rollout(of: web, from: 10, to: 20, at: 5), [history]) == nil)
    }

    @Test("a switch counts the outages of its own Service")
    func ownOutages() {
        #expect(seconds(rollout(of: service, from: 10, to: 20), [history([:], [outage(12, 14)])]) == 2)
    }
}
