import Foundation
import Recording
import RolloutModel
import ShipslogTesting
import Testing

/// The streams that look as newer Kubernetes versions send them.
@Suite struct NewerKubernetesTests {
    private func history() async throws -> FoldedHistory {
        let history = FoldedHistory()
        let paths = Fixtures.watchStreams(of: "kubernetes-1.33-synthetic")
        let summary = try await WatchImport(paths: paths, cluster: "prod").run { try await history.append($0) }
        #expect(summary.brokenLines == [])
        #expect(summary.ignoredKinds == [:])
        return history
    }

    @Test("both rollouts are told, and that the Service was never down")
    func rollouts() async throws {
        let history = try await history()
        let told = try await history.rollouts(of: stream("deployment/web")).map { rollout in
            "\(rollout.number) \(rollout.kind) \(rollout.outcome) \(rollout.toImages) \(rollout.startedAt.rfc3339) "
                + "\(rollout.endedAt?.rfc3339 ?? "-") \(rollout.lowestReady)...\(rollout.mostPods) "
                + "by \(rollout.actor?.name ?? "-")"
        }
        #expect(
            told == [
                #"1 rollout succeeded ["nginx:1.28"] 2026-01-05T10:01:00Z 2026-01-05T10:01:12Z 0...3 by kubectl"#,
                #"2 rollout succeeded ["nginx:1.29"] 2026-01-05T10:10:00Z 2026-01-05T10:10:19Z 3...5 by kubectl"#,
            ]
        )
        #expect(await history.outages.isEmpty)
    }

    @Test("at the end the three new pods serve, and nothing else is left")
    func end() async throws {
        let states = try await history().states
        let web = try #require(states[stream("deployment/web")]?.deployment)
        let service = try #require(states[stream("service/web")]?.service)
        let names = ["web-7d4f9c6b8-01036", "web-7d4f9c6b8-01053", "web-7d4f9c6b8-01077"]
        let pods = web.pods.values.sorted { $0.name < $1.name }
        #expect(pods.map(\.name) == names)
        #expect(pods.map(\.phase) == ["Running", "Running", "Running"])
        #expect(pods.map(\.ready) == [true, true, true])
        #expect(pods.map(\.reason) == [nil, nil, nil])
        let endpoints = service.slices.values.flatMap { $0 }
        #expect(endpoints.compactMap(\.podName).sorted() == names)
        #expect(endpoints.allSatisfy { $0.ready && $0.serving && !$0.terminating })
    }

    @Test("a terminating pod that still serves is told apart from a ready one")
    func terminatingEndpoints() async throws {
        let facts = try await history().events.map { try $0.event.fact() }
        let leaving = facts.flatMap { fact -> [EndpointsChanged.Endpoint] in
            if case .endpointsChanged(let change) = fact { change.endpoints.filter(\.terminating) } else { [] }
        }
        #expect(leaving.map { [$0.ready, $0.serving] } == [[false, true], [false, true], [false, true]])
    }

    @Test("a gap is recorded, and only the pod whose end fell into it is taken for gone")
    func gap() async throws {
        let events = try await history().events.map(\.event)
        let gaps = try events.map { try $0.fact() }.filter { if case .recordingGap = $0 { true } else { false } }
        #expect(
            gaps == [
                .recordingGap(
                    RecordingGap(
                        resource: "pods", fromResourceVersion: "1096",
                        reason: "410 Expired: too old resource version: 1 (1000)"
                    )
                )
            ]
        )
        let inferred = try events.filter(\.isInferred).map { try $0.fact() }
        let names = inferred.map { if case .podDeleted(let gone) = $0 { gone.object.name } else { "\($0.type)" } }
        #expect(names == ["web-66c8b5d4f-01008"])
    }
}

extension SubjectState {
    fileprivate var deployment: DeploymentState? { if case .deployment(let state) = self { state } else { nil } }
    fileprivate var service: ServiceState? { if case .service(let state) = self { state } else { nil } }
}
