import RolloutModel
import Testing

@Suite struct ServiceFoldTests {
    private func object(_ kind: String, _ uid: String) -> ObjectVersion {
        ObjectVersion(kind: kind, namespace: "shop", name: "cart", uid: uid, resourceVersion: "1")
    }

    private func created(_ selector: [String: String]) -> Fact {
        .serviceCreated(
            ServiceCreated(
                object: object("Service", "s"), createdAt: Timestamp(microseconds: Story.start * 1_000_000),
                selector: selector))
    }

    private func switched(_ selector: [String: String]) -> Fact {
        .serviceSelectorSwitched(ServiceSelectorSwitched(object: object("Service", "s"), selector: selector))
    }

    private func endpoints(_ pods: [String: Bool], slice: String = "e") -> Fact {
        .endpointsChanged(
            EndpointsChanged(
                object: object("EndpointSlice", slice), service: "cart",
                endpoints: pods.sorted { $0.key < $1.key }.map { name, ready in
                    EndpointsChanged.Endpoint(
                        pod: name, podName: name, addresses: [name], ready: ready, serving: ready, terminating: false)
                }
            ))
    }

    @Test("a switch is through once ready pods have taken the place of the old ones")
    func through() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true, "b2": true]))
        try story.tell(switched(["color": "green"]))
        try story.tell(endpoints(["b2": true, "g1": true]))
        #expect(story.told == ["1 rollout running"])
        try story.tell(endpoints(["g1": false]))
        #expect(story.rollouts[1]?.diagnosis == "no ready endpoint behind the new selector")
        try story.tell(endpoints(["g1": true]))
        #expect(story.told == ["1 rollout succeeded"])
        #expect(story.rollouts[1]?.pods == ["g1"])
        #expect(story.rollouts[1]?.lowestReady == 0)
    }

    @Test("the slices of a Service that was deleted say nothing of how it served")
    func slicesOfTheDeleted() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true]))
        try story.tell(switched(["color": "green"]))
        try story.tell(endpoints(["g1": true]))
        #expect(story.told == ["1 rollout succeeded"])
        try story.tell(.serviceDeleted(ObjectDeleted(object: object("Service", "s"))))
        try story.tell(endpoints(["g1": false]))
        try story.tell(endpoints([:]))
        #expect(story.told == ["1 rollout succeeded"])
        #expect(story.outages == [:])
    }

    @Test("endpoints that are told before their Service are not forgotten")
    func endpointsFirst() throws {
        var story = Story("service/cart")
        try story.tell(endpoints(["b1": true]))
        try story.tell(created(["color": "blue"]))
        try story.tell(switched(["color": "green"]))
        try story.tell(endpoints(["b1": true, "g1": true]))
        #expect(story.told == ["1 rollout running"])
        try story.tell(endpoints(["g1": true]))
        #expect(story.told == ["1 rollout succeeded"])
    }

    @Test("new endpoints that are told before the selector are not taken for old ones")
    func endpointsBeforeTheSelector() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true]))
        try story.tell(endpoints(["g1": true]))
        story.clock -= 1
        try story.tell(switched(["color": "green"]))
        #expect(story.told == ["1 rollout succeeded"])
        #expect(story.rollouts[1]?.pods == ["g1"])
    }

    @Test("pods by which a switch was through are old ones for the next, even in the same second")
    func twoSwitchesInASecond() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true]))
        for (color, pod) in [("green", "g1"), ("blue", "b1"), ("green", "g1")] {
            try story.tell(switched(["color": color]))
            story.clock -= 1
            #expect(story.told.last?.hasSuffix(" running") == true)
            try story.tell(endpoints([pod: true]))
            story.clock -= 1
        }
        #expect(story.told == ["1 rollout succeeded", "2 rollback succeeded", "3 rollout succeeded"])
    }

    @Test("a selector that asks for more is through at once, unless nothing is left that it selects")
    func narrowed() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true]))
        try story.tell(switched(["color": "blue", "tier": "web"]))
        #expect(story.told == ["1 rollout succeeded"])
        try story.tell(switched(["color": "blue", "tier": "none"]))
        #expect(story.told == ["1 rollout succeeded", "2 rollout running"])
        try story.tell(switched(["color": "blue", "tier": "none", "zone": "a"]))
        #expect(story.told.last == "3 rollout succeeded")
        try story.tell(endpoints([:]))
        #expect(story.told.last == "3 rollout running")
        #expect(story.rollouts[3]?.diagnosis == "no ready endpoint behind the new selector")
        try story.tell(endpoints(["b1": true]))
        story.clock += 31
        try story.tell(endpoints(["b1": false]))
        #expect(story.told.last == "3 rollout succeeded")
    }

    @Test("the first selector is no rollout; going back to it restores none; forth again is no rollback")
    func backAndForth() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": true]))
        #expect(story.told == [])
        try story.tell(switched(["color": "green"]))
        try story.tell(endpoints(["g1": true]))
        try story.tell(switched(["color": "blue"]))
        try story.tell(switched(["color": "green"]))
        try story.tell(switched(["color": "red"]))
        try story.tell(switched(["color": "green"]))
        #expect(
            story.told == [
                "1 rollout succeeded", "2 rollback superseded", "3 rollout superseded", "4 rollout rolledBack",
                "5 rollback restoring 1 running",
            ])
    }

    @Test("an outage lasts from the last ready endpoint to the next, and does not begin before the first")
    func outages() throws {
        var story = Story("service/cart")
        try story.tell(created(["color": "blue"]))
        try story.tell(endpoints(["b1": false]))
        #expect(story.outages == [:])
        try story.tell(endpoints(["b1": true]))
        try story.tell(endpoints(["b2": true], slice: "f"))
        try story.tell(endpoints([:]))
        #expect(story.outages == [:])
        try story.tell(endpoints(["b2": false], slice: "f"))
        #expect(story.outages[1]?.endedAt == nil)
        story.clock += 10
        try story.tell(endpoints(["b2": true], slice: "f"))
        let outage = try #require(story.outages[1])
        #expect(outage.endedAt?.seconds(since: outage.startedAt) == 11)
        #expect(story.outages.count == 1)
    }
}

@Suite struct BarePodFoldTests {
    private func object(_ uid: String) -> ObjectVersion {
        ObjectVersion(kind: "Pod", namespace: "shop", name: "batch", uid: uid, resourceVersion: "1")
    }

    private func created(_ uid: String, _ image: String) -> Fact {
        .podCreated(
            PodCreated(
                object: object(uid), createdAt: Timestamp(microseconds: Story.start * 1_000_000), labels: [:],
                containers: [ContainerImage(name: "batch", image: image)]
            ))
    }

    private func ready(_ uid: String) -> Fact {
        .podReadinessObserved(PodReadinessObserved(object: object(uid), ready: true))
    }

    private func crashLoop(_ uid: String) -> Fact {
        .podContainerWaiting(
            PodContainerWaiting(
                object: object(uid), container: "batch", isInit: false, image: "batch:2", reason: "CrashLoopBackOff"))
    }

    private func deleted(_ uid: String) -> Fact { .podDeleted(ObjectDeleted(object: object(uid))) }

    @Test("the same image again is no rollout")
    func sameImage() throws {
        var story = Story("pod/batch")
        try story.tell(created("1", "batch:1"))
        try story.tell(ready("1"))
        try story.tell(deleted("1"))
        try story.tell(created("2", "batch:1"))
        #expect(story.told == ["1 rollout succeeded batch:1"])
    }

    @Test("a crash soon after it became ready takes the success back, a late one does not")
    func settling() throws {
        var story = Story("pod/batch")
        try story.tell(created("1", "batch:1"))
        try story.tell(ready("1"))
        story.clock += 31
        try story.tell(crashLoop("1"))
        #expect(story.told == ["1 rollout succeeded batch:1"])
        try story.tell(deleted("1"))
        try story.tell(created("2", "batch:2"))
        try story.tell(ready("2"))
        try story.tell(crashLoop("2"))
        #expect(story.told == ["1 rollout succeeded batch:1", "2 rollout running batch:2"])
        #expect(story.rollouts[2]?.diagnosis == "CrashLoopBackOff: batch:2 (1 of 1 new pod)")
    }

    @Test("a pod that goes before it was well is aborted until what follows tells why")
    func givenUp() throws {
        var story = Story("pod/batch")
        try story.tell(created("1", "batch:1"))
        try story.tell(ready("1"))
        try story.tell(created("2", "batch:2"))
        try story.tell(deleted("2"))
        #expect(story.told.last == "2 rollout aborted batch:2")
        try story.tell(created("3", "batch:1"))
        #expect(
            story.told == [
                "1 rollout succeeded batch:1", "2 rollout rolledBack batch:2", "3 rollback restoring 1 running batch:1",
            ])
    }

    @Test("a pod that ran to its end succeeded or failed by its phase")
    func phases() throws {
        for (phase, outcome) in [("Succeeded", Rollout.Outcome.succeeded), ("Failed", .failed)] {
            var story = Story("pod/batch")
            try story.tell(created("1", "batch:1"))
            try story.tell(.podPhaseObserved(PodPhaseObserved(object: object("1"), phase: phase)))
            #expect(story.rollouts[1]?.outcome == outcome)
        }
    }
}
