import Replay
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct DryRunTests {
    private func history() async throws -> FoldedHistory { try await RecordedFixture.history() }

    /// A run over a span of a stream, with the span's events changed by a closure.
    private func run(
        _ history: FoldedHistory, _ rollout: Rollout, changing change: (inout [RecordedEvent]) throws -> Void = { _ in }
    ) async throws -> (steps: [DryRun.Step], summary: DryRun.Summary, difference: String?) {
        let last = rollout.endPosition ?? Position(rawValue: .max)
        let before = try await history.states {
            $0.event.stream == rollout.stream && $0.position < rollout.firstPosition
        }
        let after = try await history.states { $0.event.stream == rollout.stream && $0.position <= last }
        var events = await history.events.filter {
            $0.event.stream == rollout.stream && $0.position >= rollout.firstPosition && $0.position <= last
        }
        try change(&events)
        var dryRun = DryRun(before: before[rollout.stream] ?? SubjectState(of: rollout.stream))
        let steps = try events.map { try dryRun.take($0) }
        let end = dryRun.finish(recorded: try #require(after[rollout.stream]))
        return (steps, end.summary, end.difference)
    }

    @Test("every recorded rollout reruns as it was")
    func everyRollout() async throws {
        let history = try await history()
        let rollouts = await history.rollouts.values.sorted { $0.startPosition < $1.startPosition }
        #expect(rollouts.count == 17)
        for rollout in rollouts {
            let (steps, summary, difference) = try await run(history, rollout)
            #expect(steps.compactMap(\.divergence) == [])
            #expect(difference == nil)
            #expect(summary.diverged == 0)
            #expect(summary.matched == steps.count)
            #expect(summary.actions >= 1)
        }
    }

    @Test("the failed rollout is one request, with the template as it was")
    func requests() async throws {
        let history = try await history()
        let web = try #require(StreamName("prod/shop/deployment/web"))
        let rollout = try #require(await history.rollouts(of: web).dropFirst(2).first)
        let requests = try await run(history, rollout).steps.compactMap(\.request)
        #expect(requests.map { "\($0.method) \($0.path)" } == ["PATCH /apis/apps/v1/namespaces/shop/deployments/web"])
        let patch = try #require(requests.first?.body.array?.first)
        #expect(patch["op"] == .string("replace") && patch["path"] == .string("/spec/template"))
        #expect(patch["value"]?["spec"]?["containers"]?.array?.first?["image"] == .string("nginx:bad"))
    }

    @Test("a bare pod is replaced by a deletion, with its UID as precondition, and a creation")
    func replacement() async throws {
        let history = try await history()
        let batch = try #require(StreamName("prod/shop/pod/batch"))
        let rollout = try #require(await history.rollouts(of: batch).dropFirst().first)
        let requests = try await run(history, rollout).steps.compactMap(\.request)
        #expect(
            requests.map { "\($0.method) \($0.path)" } == [
                "DELETE /api/v1/namespaces/shop/pods/batch", "POST /api/v1/namespaces/shop/pods",
                "DELETE /api/v1/namespaces/shop/pods/batch",
            ])
        #expect(requests.first?.body["preconditions"]?["uid"]?.string?.hasPrefix("1fb8") == true)
    }

    @Test("a template that its selector does not match would be refused, and the end differs")
    func invalidAction() async throws {
        let history = try await history()
        let web = try #require(StreamName("prod/shop/deployment/web"))
        let rollout = try #require(await history.rollouts(of: web).dropFirst().first)
        let (steps, summary, difference) = try await run(history, rollout) { events in
            let index = try #require(events.firstIndex { $0.position == rollout.startPosition })
            guard case .deploymentTemplateChanged(var fact) = try events[index].event.fact() else {
                Issue.record("the rollout does not start with a template")
                return
            }
            fact.template["metadata"] = .object(["labels": .object(["app": .string("other")])])
            events[index].event.payload = try Fact.deploymentTemplateChanged(fact).encodePayload()
        }
        #expect(steps.compactMap(\.divergence) == ["the selector's label app does not match the template's labels"])
        #expect(difference == "the pod template at the end is another")
        #expect(summary.diverged == 2)
    }

    @Test("an observation of a pod that was never made does not fit")
    func missingPod() async throws {
        let history = try await history()
        let web = try #require(StreamName("prod/shop/deployment/web"))
        let rollout = try #require(await history.rollouts(of: web).first)
        let (steps, summary, difference) = try await run(history, rollout) { events in
            events.remove(at: try #require(events.firstIndex { $0.event.type.rawValue == "pod.created" }))
        }
        let divergences = steps.compactMap(\.divergence)
        #expect(!divergences.isEmpty)
        #expect(Set(divergences).count == 1 && divergences[0].hasSuffix("was not there"))
        #expect(difference == "the pods at the end are others")
        #expect(summary.diverged == divergences.count + 1)
    }
}
