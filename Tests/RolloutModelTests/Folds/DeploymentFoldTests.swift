import RolloutModel
import Testing

@Suite struct DeploymentFoldTests {
    /// A Deployment of two replicas that runs web:1.
    private func running() throws -> Story {
        var story = Story("deployment/web")
        try story.tell(Web.created("web:1"))
        try story.tell(Web.replicaSet("a", "web:1"))
        try story.tell(Web.status(generation: 1))
        return story
    }

    /// The same Deployment, whose second rollout, to web:2, has got as far as a ReplicaSet.
    private func rollingOut() throws -> Story {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.replicaSet("b", "web:2", revision: 2))
        return story
    }

    @Test("nothing is through before the controller has seen the spec")
    func observedGeneration() throws {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.status(generation: 2, observed: 1))
        #expect(story.told == ["1 rollout succeeded web:1", "2 rollout running web:2"])
        try story.tell(Web.status(generation: 2, replicas: 3, updated: 2))
        #expect(story.told.last == "2 rollout running web:2")
        try story.tell(Web.status(generation: 2, available: 1))
        #expect(story.told.last == "2 rollout running web:2")
        try story.tell(Web.status(generation: 2))
        #expect(story.told.last == "2 rollout succeeded web:2")
    }

    @Test("a rollout that another template overtakes is superseded, one that is undone is rolled back")
    func ends() throws {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.image("web:3", generation: 3))
        try story.tell(Web.image("web:1", generation: 4))
        try story.tell(Web.status(generation: 4))
        #expect(
            story.told == [
                "1 rollout succeeded web:1", "2 rollout superseded web:2", "3 rollout rolledBack web:3",
                "4 rollback restoring 1 succeeded web:1",
            ])
        #expect(story.rollouts[3]?.endPosition == story.rollouts[4]?.startPosition)
    }

    @Test("a rollback restores the rollout that brought the revision, however often it was returned to")
    func restores() throws {
        var story = try running()
        for (generation, image) in ["web:2", "web:1", "web:3", "web:1", "web:2"].enumerated() {
            try story.tell(Web.image(image, generation: generation + 2))
            try story.tell(Web.status(generation: generation + 2))
        }
        #expect(
            story.told == [
                "1 rollout succeeded web:1", "2 rollout succeeded web:2", "3 rollback restoring 1 succeeded web:1",
                "4 rollout succeeded web:3", "5 rollback restoring 1 succeeded web:1", "6 rollout succeeded web:2",
            ])
    }

    @Test("the deadline fails a rollout, and only the one that the controller speaks of")
    func deadline() throws {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.status(generation: 2, replicas: 3, updated: 1))
        try story.tell(Web.deadlineExceeded)
        #expect(story.rollouts[2]?.diagnosis == "ProgressDeadlineExceeded")
        try story.tell(Web.image("web:3", generation: 3))
        try story.tell(Web.deadlineExceeded)
        #expect(story.told == ["1 rollout succeeded web:1", "2 rollout failed web:2", "3 rollout running web:3"])
    }

    @Test("scaling and a new strategy are no rollouts, nor is the template over again")
    func noRollout() throws {
        var story = try running()
        try story.tell(.deploymentScaled(DeploymentScaled(object: Web.object(20), generation: 2, replicas: 6)))
        try story.tell(
            .deploymentStrategyChanged(
                DeploymentStrategyChanged(
                    object: Web.object(30), generation: 3, strategy: DeploymentStrategy(type: "Recreate"))))
        try story.tell(Web.image("web:1", generation: 4))
        #expect(story.told == ["1 rollout succeeded web:1"])
    }

    @Test("a paused Deployment collects changes into one rollout, with the maker of the last")
    func paused() throws {
        var story = try running()
        try story.tell(.deploymentPaused(Web.mark(generation: 2)), by: "carol")
        try story.tell(Web.image("web:2", generation: 3), by: "alice")
        try story.tell(Web.image("web:3", generation: 4), by: "bob")
        #expect(story.told == ["1 rollout succeeded web:1"])
        try story.tell(.deploymentResumed(Web.mark(generation: 5)), by: "carol")
        #expect(story.told == ["1 rollout succeeded web:1", "2 rollout running web:3"])
        #expect(story.rollouts[2]?.actor?.name == "bob")
        #expect(story.rollouts[2]?.firstPosition == 5 && story.rollouts[2]?.startPosition == 7)
    }

    @Test("a pause that changed nothing starts nothing")
    func idlePause() throws {
        var story = try running()
        try story.tell(.deploymentPaused(Web.mark(generation: 2)))
        try story.tell(Web.image("web:2", generation: 3))
        try story.tell(Web.image("web:1", generation: 4))
        try story.tell(.deploymentResumed(Web.mark(generation: 5)))
        #expect(story.told == ["1 rollout succeeded web:1"])
    }

    @Test("deleting a Deployment aborts its rollout, and one made anew goes on counting")
    func deleted() throws {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(.deploymentDeleted(ObjectDeleted(object: Web.object(30))))
        try story.tell(Web.created("web:1", uid: "e"))
        try story.tell(Web.status(generation: 1))
        #expect(
            story.told == ["1 rollout succeeded web:1", "2 rollout aborted web:2", "3 rollout succeeded web:1"])
    }

    @Test("the diagnosis names what stands against the new pods, the most frequent first")
    func diagnosis() throws {
        var story = try rollingOut()
        for name in ["b1", "b2", "b3"] { try story.tell(Web.pod(name, of: "b", "web:2")) }
        try story.tell(Web.waiting("b1", "ContainerCreating", "web:2"))
        #expect(story.rollouts[2]?.diagnosis == nil)
        try story.tell(Web.waiting("b1", "CrashLoopBackOff", "web:2"))
        try story.tell(Web.waiting("b2", "ErrImagePull", "web:2"))
        try story.tell(Web.waiting("b3", "ImagePullBackOff", "web:2"))
        #expect(
            story.rollouts[2]?.diagnosis
                == "ImagePullBackOff: web:2 (2 of 3 new pods); CrashLoopBackOff: web:2 (1 of 3 new pods)")
        #expect(story.rollouts[2]?.pods == ["b1", "b2", "b3"])
        try story.tell(Web.ready("b2"))
        try story.tell(Web.ready("b3"))
        #expect(story.rollouts[2]?.diagnosis == "CrashLoopBackOff: web:2 (1 of 3 new pods)")
    }

    @Test("a pod that was started again is not well because it is ready for a moment")
    func crashLoop() throws {
        var story = try rollingOut()
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        try story.tell(Web.restarted("b1", 1))
        try story.tell(Web.waiting("b1", "CrashLoopBackOff", "web:2"))
        try story.tell(Web.ready("b1"))
        #expect(story.rollouts[2]?.diagnosis == "CrashLoopBackOff: web:2 (1 of 1 new pod)")
    }

    @Test("what pods met stands until the new ones are well, though another takes a place")
    func standing() throws {
        var story = try rollingOut()
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        try story.tell(Web.waiting("b1", "ImagePullBackOff", "web:2"))
        try story.tell(.podDeleted(ObjectDeleted(object: Web.object(7, kind: "Pod", name: "b1", uid: "b1"))))
        try story.tell(Web.pod("b2", of: "b", "web:2"))
        #expect(story.rollouts[2]?.diagnosis == "ImagePullBackOff: web:2 (1 of 1 new pod)")
        try story.tell(Web.ready("b2"))
        #expect(story.rollouts[2]?.diagnosis == nil)
    }

    /// A Deployment whose second rollout, to web:2, was given up before anything was told of its pods.
    private func givenUp() throws -> Story {
        var story = try rollingOut()
        try story.tell(Web.image("web:1", generation: 3))
        #expect(story.told.last == "3 rollback restoring 1 running web:1")
        return story
    }

    @Test("what became of the pods of a rollout speaks of it, though its end was told before")
    func lateNews() throws {
        var story = try givenUp()
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        try story.tell(Web.waiting("b1", "CrashLoopBackOff", "web:2"))
        try story.tell(Web.pod("a1", of: "a", "web:1"))
        #expect(story.rollouts[2]?.pods == ["b1"])
        #expect(story.rollouts[2]?.diagnosis == "CrashLoopBackOff: web:2 (1 of 1 new pod)")
        #expect(story.rollouts[2]?.outcome == .rolledBack)
        #expect(story.rollouts[3]?.pods == ["a1"])
        #expect(story.rollouts[3]?.diagnosis == nil)
    }

    @Test("what pods of a rollout meet half a minute after its end does not speak of it")
    func afterlife() throws {
        var story = try givenUp()
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        story.clock += 30
        try story.tell(Web.waiting("b1", "CrashLoopBackOff", "web:2"))
        try story.tell(Web.pod("b2", of: "b", "web:2"))
        #expect(story.rollouts[2]?.pods == ["b1"])
        #expect(story.rollouts[2]?.diagnosis == nil)
    }

    @Test("a cause that is told after the deadline stands before it")
    func causeAfterDeadline() throws {
        var story = try rollingOut()
        try story.tell(Web.status(generation: 2, replicas: 3, updated: 1))
        try story.tell(Web.deadlineExceeded)
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        try story.tell(Web.waiting("b1", "ImagePullBackOff", "web:2"))
        #expect(
            story.rollouts[2]?.diagnosis == "ImagePullBackOff: web:2 (1 of 1 new pod); ProgressDeadlineExceeded")
        #expect(story.rollouts[2]?.outcome == .failed)
    }

    @Test("where no pod could be made, the controller says why")
    func replicaFailure() throws {
        var story = try running()
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.status(generation: 2, replicas: 2, updated: 0))
        try story.tell(Web.condition("ReplicaFailure", "True", "FailedCreate", "exceeded quota: pods=2"))
        try story.tell(Web.deadlineExceeded)
        #expect(story.rollouts[2]?.diagnosis == "FailedCreate: exceeded quota: pods=2; ProgressDeadlineExceeded")
    }

    @Test("the figures are those of the time the rollout ran")
    func figures() throws {
        var story = try running()
        for name in ["a1", "a2"] {
            try story.tell(Web.pod(name, of: "a", "web:1"))
            try story.tell(Web.ready(name))
        }
        try story.tell(Web.image("web:2", generation: 2))
        try story.tell(Web.replicaSet("b", "web:2", revision: 2))
        try story.tell(Web.pod("b1", of: "b", "web:2"))
        try story.tell(Web.ready("a1", false))
        try story.tell(Web.ready("b1"))
        try story.tell(Web.status(generation: 2))
        try story.tell(Web.ready("a2", false))
        let rollout = try #require(story.rollouts[2])
        #expect([rollout.lowestReady, rollout.mostPods, rollout.desired] == [1, 3, 2])
        #expect(rollout.durationSeconds == 5)
    }

    @Test("a revision keeps its number, and is known by its ReplicaSet")
    func revisions() throws {
        var story = try rollingOut()
        try story.tell(Web.image("web:1", generation: 3))
        try story.tell(
            .replicaSetRenumbered(
                ReplicaSetRenumbered(object: Web.object(9, kind: "ReplicaSet", name: "web-a", uid: "a"), revision: 3)))
        #expect(story.revisions.keys.sorted() == [1, 2])
        #expect(story.revisions[1]?.replicaSet?.kubernetesRevision == 3)
        #expect(story.revisions[2]?.replicaSet?.name == "web-b")
        #expect(story.revisions.values.map(\.rollout).compactMap { $0 }.sorted() == [1, 2])
    }

    @Test("told twice, as two recorders do, a history is the same")
    func twice() throws {
        let facts = [
            Web.created("web:1"), Web.replicaSet("a", "web:1"), Web.status(generation: 1),
            Web.image("web:2", generation: 2),
            Web.replicaSet("b", "web:2", revision: 2), Web.pod("b1", of: "b", "web:2"),
            Web.waiting("b1", "ErrImagePull", "web:2"), Web.deadlineExceeded, Web.image("web:1", generation: 3),
        ]
        var once = Story("deployment/web")
        var twice = Story("deployment/web")
        for fact in facts {
            try once.tell(fact)
            try twice.tell(fact)
            try twice.tell(fact)
        }
        #expect(once.told == twice.told)
        #expect(once.rollouts.mapValues(\.diagnosis) == twice.rollouts.mapValues(\.diagnosis))
    }
}
