import RolloutModel
import Testing

@testable import ClusterSimulator

@Suite("Rolling updates on the simulated cluster") struct RollingUpdateTests {
    @Test("a Deployment comes up, and says so step by step")
    func comesUp() throws {
        var play = try Play(#"{"ready": {"after": "2s"}}"#)
        try play.deploy(Play.deployment(replicas: 3))
        try play.run(for: .seconds(10))
        #expect(play.sizes == ["1:3"])
        #expect(
            play.conditions == [
                "Progressing True NewReplicaSetCreated", "Available False MinimumReplicasUnavailable",
                "Progressing True ReplicaSetUpdated", "Available True MinimumReplicasAvailable",
                "Progressing True NewReplicaSetAvailable",
            ])
        #expect(try play.counts == "1/3/3/3/3")
    }

    @Test("new pods come and old ones go within the limits")
    func rolls() throws {
        var play = try Play(#"{"ready": {"after": "2s"}}"#)
        try play.deploy(Play.deployment(replicas: 4))
        try play.run(for: .seconds(10))
        play.forgetHistory()
        try play.setImage("nginx:2")
        try play.run(for: .seconds(60))
        #expect(play.sizes == ["1:4 2:1", "1:3 2:1", "1:3 2:2", "1:1 2:2", "1:1 2:4", "2:4"])
        #expect(try play.counts == "2/4/4/4/4")
    }

    @Test("a deadline that was drawn nearer passes when it says")
    func nearerDeadline() throws {
        var play = try Play(#"{"match": {"image": "nginx:bad"}, "ready": "never"}"#)
        try play.deploy(Play.deployment(replicas: 2, spec: ["progressDeadlineSeconds": 600]))
        try play.patch(["progressDeadlineSeconds": 5])
        play.forgetHistory()
        try play.setImage("nginx:bad")
        try play.run(for: .seconds(6))
        #expect(play.conditions.last == "Progressing False ProgressDeadlineExceeded")
    }

    @Test(
        "there are more pods by a share that is rounded up, and fewer by one that is rounded down",
        arguments: [
            (1, "25%", "25%", "1:1 2:1"), (3, "25%", "25%", "1:3 2:1"), (4, "25%", "25%", "1:3 2:2"),
            (7, "30%", "30%", "1:5 2:5"), (9, "12%", "12%", "1:8 2:3"), (3, "0%", "33%", "1:2 2:1"),
            (10, "100%", "0%", "1:10 2:10"), (40, "1%", "1%", "1:40 2:1"),
        ] as [(Int64, String, String, String)])
    func rounding(replicas: Int64, surge: String, unavailable: String, stuck: String) throws {
        var play = try Play(#"{"match": {"revision": 2}, "ready": "never"}"#)
        let limits: JSONValue = [
            "rollingUpdate": ["maxSurge": .string(surge), "maxUnavailable": .string(unavailable)]
        ]
        try play.deploy(Play.deployment(replicas: replicas, spec: ["strategy": limits]))
        try play.run(for: .seconds(1))
        try play.setImage("nginx:2")
        try play.run(for: .seconds(60))
        #expect(play.sizes.last == stuck)
    }

    @Test("unhealthy old pods go first, and a bad image exceeds the deadline")
    func badImage() throws {
        var play = try Play(
            #"{"match": {"image": "nginx:bad"}, "imagePull": {"message": "manifest unknown"}}, {"ready": {"after": "2s"}}"#
        )
        try play.deploy(Play.deployment(replicas: 4, spec: ["progressDeadlineSeconds": 60]))
        try play.run(for: .seconds(10))
        play.forgetHistory()
        try play.setImage("nginx:bad")
        try play.run(for: .seconds(59))
        #expect(play.sizes == ["1:4 2:1", "1:3 2:1", "1:3 2:2"])
        #expect(
            play.conditions == ["Progressing True NewReplicaSetCreated", "Progressing True ReplicaSetUpdated"])
        try play.run(for: .seconds(3))
        #expect(play.conditions.last == "Progressing False ProgressDeadlineExceeded")
        #expect(try play.counts == "2/5/2/3/3")

        play.forgetHistory()
        try play.setImage("nginx:3")
        try play.run(for: .seconds(60))
        #expect(play.sizes.last == "3:4")
        #expect(play.conditions.last == "Progressing True NewReplicaSetAvailable")
    }

    @Test("pods count as available when they have been ready for long enough")
    func minReadySeconds() throws {
        var play = try Play()
        try play.deploy(Play.deployment(replicas: 2, spec: ["minReadySeconds": 10]))
        try play.run(for: .seconds(9))
        #expect(try play.counts == "1/2/2/2/0")
        try play.run(for: .seconds(1))
        #expect(try play.counts == "1/2/2/2/2")
    }

    @Test("going back to an old template takes its ReplicaSet, with a new number")
    func undo() throws {
        var play = try Play()
        try play.deploy(Play.deployment(replicas: 1))
        try play.run(for: .seconds(1))
        try play.setImage("nginx:2")
        try play.run(for: .seconds(1))
        try play.setImage("nginx:1")
        try play.run(for: .seconds(1))
        #expect(try play.list(.replicaSets).count == 2)
        let current = try #require(try play.list(.replicaSets).first { $0["spec"]?["replicas"] == 1 })
        let annotations = current["metadata"]?["annotations"]
        #expect(
            annotations == [
                "deployment.kubernetes.io/revision": "3", "deployment.kubernetes.io/revision-history": "1",
                "deployment.kubernetes.io/desired-replicas": "1", "deployment.kubernetes.io/max-replicas": "2",
            ])
        let deployment = try play.object(.deployments, "web")
        #expect(deployment?["metadata"]?["annotations"] == ["deployment.kubernetes.io/revision": "3"])
    }

    @Test("no more old ReplicaSets are kept than wanted, the newest of them")
    func revisionHistory() throws {
        var play = try Play()
        try play.deploy(Play.deployment(spec: ["revisionHistoryLimit": 2]))
        try play.run(for: .seconds(1))
        for number in 2...5 {
            try play.setImage("nginx:\(number)")
            try play.run(for: .seconds(1))
        }
        let revisions = try play.list(.replicaSets).compactMap {
            $0["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"]?.string
        }
        #expect(revisions.sorted() == ["3", "4", "5"])
    }

    @Test("a paused Deployment rolls nothing out, but scales; resumed, it goes on")
    func pause() throws {
        var play = try Play()
        try play.deploy(Play.deployment(replicas: 4))
        try play.run(for: .seconds(1))
        play.forgetHistory()
        try play.patch(["paused": true])
        try play.setImage("nginx:2")
        try play.patch(["replicas": 5])
        try play.run(for: .seconds(1))
        #expect(play.sizes == ["1:5"])
        #expect(play.conditions == ["Progressing Unknown DeploymentPaused"])
        play.forgetHistory()
        try play.patch(["paused": false])
        try play.run(for: .seconds(1))
        #expect(play.sizes.last == "2:5")
        #expect(play.conditions.first == "Progressing Unknown DeploymentResumed")
        #expect(play.conditions.last == "Progressing True NewReplicaSetAvailable")
    }

    @Test("scaling in the middle of a rollout spreads over both ReplicaSets")
    func proportionalScaling() throws {
        var play = try Play(#"{"match": {"revision": 2}, "ready": "never"}"#)
        let limits: JSONValue = ["rollingUpdate": ["maxSurge": 3, "maxUnavailable": 2]]
        try play.deploy(Play.deployment(replicas: 10, spec: ["strategy": limits]))
        try play.run(for: .seconds(1))
        try play.setImage("nginx:2")
        try play.run(for: .seconds(1))
        #expect(play.sizes.last == "1:8 2:5")
        // The example of the documentation.
        try play.patch(["replicas": 15])
        try play.run(for: .seconds(1))
        #expect(play.sizes.last == "1:11 2:7")
    }

    @Test("a recreation lets the last old pod end before the first new one comes")
    func recreate() throws {
        var play = try Play(#"{"ready": {"after": "2s"}, "termination": {"after": "5s"}}"#)
        try play.deploy(Play.deployment(replicas: 2, spec: ["strategy": ["type": "Recreate"]]))
        try play.run(for: .seconds(10))
        play.forgetHistory()
        try play.setImage("nginx:2")
        try play.run(for: .milliseconds(4900))
        #expect(play.sizes == [""])
        #expect(try play.list(.pods).count == 2)
        try play.run(for: .seconds(10))
        #expect(play.sizes == ["", "2:2"])
        #expect(try play.counts == "2/2/2/2/2")
    }

    @Test("a quota that forbids more pods is told, and no longer when there is room")
    func quota() throws {
        var play = try Play()
        func quota(_ pods: Int64) -> JSONValue {
            ["metadata": ["name": "small"], "spec": ["hard": ["pods": .integer(pods)]]]
        }
        let quotas = Resource(plural: "resourcequotas", kind: "ResourceQuota")
        try play.call(ClusterCall(.create, quotas, "small", namespace: "shop", body: quota(2)))
        try play.deploy(Play.deployment(replicas: 3))
        try play.run(for: .seconds(1))
        let conditions = try play.object(.deployments, "web")?["status"]?["conditions"]?.array
        let failure = conditions?.first { $0["type"] == "ReplicaFailure" }
        #expect(failure?["reason"] == "FailedCreate")
        #expect(
            failure?["message"]?.string?.hasSuffix(
                "is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2") == true)
        try play.call(ClusterCall(.patch, quotas, "small", namespace: "shop", body: quota(3)))
        try play.run(for: .seconds(1))
        #expect(try play.counts == "1/3/3/3/3")
        let after = try play.object(.deployments, "web")?["status"]?["conditions"]?.array
        #expect(Set((after ?? []).map { $0["type"] }) == ["Available", "Progressing"])
    }
}
