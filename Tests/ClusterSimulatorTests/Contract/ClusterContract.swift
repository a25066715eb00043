import RolloutModel
import Testing

@testable import ClusterSimulator

/// Something that is true of every cluster, whether real or simulated.
struct ClusterContract: Sendable, CustomTestStringConvertible {
    var name: String
    var hold: @Sendable (ContractStage) async throws -> Void

    init(_ name: String, _ hold: @escaping @Sendable (ContractStage) async throws -> Void) {
        self.name = name
        self.hold = hold
    }

    var testDescription: String { name }

    static let all = reading + writing + refusing + deleting + watching + living
}

extension ClusterContract {
    typealias Verdict = ContractStage.Verdict

    private static let reading = [
        ClusterContract("a cluster is told from others by a UID that stays") { stage async throws in
            let uid = try await stage.cluster.uid()
            #expect(uid.count == 36)
            let system = try await stage.cluster.get(.namespaces, "kube-system", namespace: nil)
            #expect(try await stage.cluster.uid() == uid && system?.uid == uid)
        },
        ClusterContract("what is not there is nil, and of nothing there is an empty list") { stage async throws in
            #expect(try await stage.get(.deployments, "web") == nil)
            #expect(try await stage.cluster.get(.deployments, "web", namespace: "there-is-none") == nil)
            #expect(try await stage.cluster.get(.namespaces, "there-is-none", namespace: nil) == nil)
            #expect(try await stage.cluster.list(stage.selection(.deployments)) == [])
        },
        ClusterContract("a list is by name, and only of what has the labels") { stage async throws in
            for (name, team) in [("b", "red"), ("a", "blue"), ("c", "red")] {
                try await stage.create(.leases, ContractStage.lease(name, labels: ["team": team]))
            }
            let all = try await stage.cluster.list(stage.selection(.leases))
            #expect(all.map(\.name) == ["a", "b", "c"])
            #expect(all.map { $0["kind"] } == ["Lease", "Lease", "Lease"])
            let red = try await stage.cluster.list(stage.selection(.leases, labels: ["team": "red"]))
            #expect(red.map(\.name) == ["b", "c"])
            #expect(try await stage.get(.leases, "b") == red[0])
            let everywhere = try await stage.cluster.list(ClusterSelection(.leases, namespace: nil))
            #expect(everywhere.filter { $0["metadata"]?["namespace"] == .string(stage.namespace) } == all)
        },
    ]

    private static let writing = [
        ClusterContract("what is created gets its defaults, a UID, a version and its first generation") {
            stage async throws in
            let answer = try await stage.cluster.perform(
                stage.call(.create, .deployments, "web", Play.deployment()))
            let made = answer.object
            #expect(answer.code == 201)
            #expect(made["apiVersion"] == "apps/v1" && made["kind"] == "Deployment")
            #expect(made["metadata"]?["namespace"] == .string(stage.namespace))
            #expect(made.uid.count == 36 && !made.version.isEmpty && made.generation == 1)
            // Older servers write a creationTimestamp of null.
            let spec = JSONValue.object([:]).merging(made["spec"] ?? .null)
            #expect(
                spec == [
                    "replicas": 1, "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10,
                    "selector": ["matchLabels": ["app": "web"]],
                    "strategy": [
                        "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
                    ],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": [
                            "containers": [
                                [
                                    "name": "web", "image": "nginx:1", "imagePullPolicy": "IfNotPresent",
                                    "resources": .object([:]), "terminationMessagePath": "/dev/termination-log",
                                    "terminationMessagePolicy": "File",
                                ]
                            ],
                            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always",
                            "schedulerName": "default-scheduler", "securityContext": .object([:]),
                            "terminationGracePeriodSeconds": 30,
                        ],
                    ],
                ])
            #expect(try await stage.get(.deployments, "web")?.uid == made.uid)
        },
        ClusterContract("a patch merges members, takes away what is null, and is a new version") { stage async throws in
            let made = try await stage.create(.leases, ContractStage.lease("lock", labels: ["a": "1", "b": "2"]))
            let changed = try await stage.patch(
                .leases, "lock",
                [
                    "metadata": [
                        "resourceVersion": .string(made.version), "labels": ["a": .null, "c": "3"],
                        "annotations": ["why": "so"],
                    ]
                ])
            #expect(changed["metadata"]?["labels"] == ["b": "2", "c": "3"])
            #expect(changed["metadata"]?["annotations"] == ["why": "so"])
            #expect(changed["spec"] == ["holderIdentity": "one"])
            #expect(changed.uid == made.uid && changed.version != made.version)
            #expect(try await stage.get(.leases, "lock") == changed)
        },
        ClusterContract("a patch that changes nothing leaves the version") { stage async throws in
            let made = try await stage.create(.leases, ContractStage.lease("lock"))
            let same = try await stage.cluster.perform(
                stage.call(.patch, .leases, "lock", ["spec": ["holderIdentity": "one", "acquireTime": .null]]))
            #expect(same == CallAnswer(code: 200, object: made, auditID: same.auditID))
        },
        ClusterContract("the generation counts the changes of what is wanted and of the annotations, and only those") {
            stage async throws in
            try await stage.create(.deployments, Play.deployment())
            let patches: [(JSONValue, generation: Int64)] = [
                (["metadata": ["labels": ["team": "red"]]], 1), (["metadata": ["annotations": ["why": "so"]]], 2),
                (["spec": ["replicas": 1]], 2), (["spec": ["replicas": 2]], 3), (["spec": ["paused": true]], 4),
                (["status": ["replicas": 7]], 4),
            ]
            for (patch, generation) in patches {
                let changed = try await stage.patch(.deployments, "web", patch)
                #expect(changed.generation == generation)
            }
            #expect(try await stage.get(.deployments, "web")?.generation == 4)
        },
        ClusterContract("an update puts a whole object in the place of another") { stage async throws in
            let made = try await stage.create(.leases, ContractStage.lease("lock", labels: ["a": "1"]))
            var wanted = made
            wanted.setMember("labels", ["b": "2"], at: ["metadata"])
            wanted.setMember("holderIdentity", "two", at: ["spec"])
            let answer = try await stage.cluster.perform(stage.call(.update, .leases, "lock", wanted))
            #expect(answer.code == 200)
            #expect(answer.object["metadata"]?["labels"] == ["b": "2"])
            #expect(answer.object["spec"] == ["holderIdentity": "two"])
            var other = answer.object
            other.setMember("uid", "00000000-0000-4000-8000-000000000000", at: ["metadata"])
            try await stage.expect(
                stage.call(.update, .leases, "lock", other),
                gives: Verdict(
                    code: 409, reason: "Conflict",
                    message:
                        "Operation cannot be fulfilled on leases.coordination.k8s.io \"lock\": Precondition failed: "
                        + "UID in precondition: \(other.uid), UID in object meta: \(made.uid)"))
            try await stage.expect(
                stage.call(.update, .leases, "lock", wanted), gives: Self.stale("leases.coordination.k8s.io", "lock"))
        },
        ClusterContract("the scale of a Deployment can be set alone") { stage async throws in
            try await stage.create(.deployments, Play.deployment(replicas: 2))
            func call(_ name: String, _ replicas: Int64) -> ClusterCall {
                ClusterCall(
                    .patch, .deployments, name, namespace: stage.namespace, subresource: "scale",
                    body: ["spec": ["replicas": .integer(replicas)]])
            }
            let answer = try await stage.cluster.perform(call("web", 3))
            #expect(answer.code == 200)
            #expect(answer.object["apiVersion"] == "autoscaling/v1" && answer.object["kind"] == "Scale")
            #expect(answer.object["spec"] == ["replicas": 3])
            #expect(answer.object["status"]?["selector"] == "app=web")
            #expect(try await stage.get(.deployments, "web")?["spec"]?["replicas"] == 3)
            try await stage.expect(
                call("web", -1),
                gives: Verdict(
                    code: 422, reason: "Invalid",
                    message: "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: …: must be "
                        + "greater than or equal to 0"))
            try await stage.expect(call("api", 1), gives: Self.missing("deployments.apps", "api"))
        },
        ClusterContract("what is only tried is checked and answered, and not kept") { stage async throws in
            let tried = try await stage.cluster.perform(
                stage.call(.create, .deployments, "web", Play.deployment(), isDryRun: true))
            #expect(tried.code == 201 && tried.object["spec"]?["progressDeadlineSeconds"] == 600)
            #expect(try await stage.get(.deployments, "web") == nil)
            let made = try await stage.create(.leases, ContractStage.lease("lock"))
            let patched = try await stage.cluster.perform(
                stage.call(.patch, .leases, "lock", ["spec": ["holderIdentity": "two"]], isDryRun: true))
            #expect(patched.object["spec"] == ["holderIdentity": "two"])
            try await stage.expect(
                stage.call(
                    .delete, .leases, "lock", ["apiVersion": "v1", "kind": "DeleteOptions"], isDryRun: true),
                gives: Verdict(code: 200))
            #expect(try await stage.get(.leases, "lock") == made)
            try await stage.expect(
                stage.call(.create, .leases, "lock", ContractStage.lease("lock"), isDryRun: true),
                gives: Verdict(
                    code: 409, reason: "AlreadyExists",
                    message: "leases.coordination.k8s.io \"lock\" already exists"))
        },
    ]

    private static let deleting = [
        ClusterContract("what is deleted is gone, and only the very object that is meant") { stage async throws in
            let made = try await stage.create(.leases, ContractStage.lease("lock"))
            let other = "00000000-0000-4000-8000-000000000000"
            try await stage.expect(
                .delete(.leases, "lock", namespace: stage.namespace, uid: other),
                gives: Verdict(
                    code: 409, reason: "Conflict",
                    message: "Operation cannot be fulfilled on Lease.coordination.k8s.io \"lock\": the UID in the "
                        + "precondition (\(other)) does not match the UID in record (\(made.uid)). The object "
                        + "might have been deleted and then recreated"))
            #expect(try await stage.get(.leases, "lock") == made)
            let answer = try await stage.cluster.perform(
                .delete(.leases, "lock", namespace: stage.namespace, uid: made.uid))
            #expect(answer.code == 200)
            #expect(answer.object["kind"] == "Status" && answer.object["status"] == "Success")
            #expect(
                answer.object["details"] == [
                    "name": "lock", "group": "coordination.k8s.io", "kind": "leases", "uid": .string(made.uid),
                ])
            #expect(try await stage.get(.leases, "lock") == nil)
            try await stage.expect(
                .delete(.leases, "lock", namespace: stage.namespace, uid: made.uid),
                gives: Self.missing("leases.coordination.k8s.io", "lock"))
        },
        ClusterContract("what belongs to a deleted Deployment goes after it") { stage async throws in
            let made = try await stage.create(.deployments, Play.deployment(replicas: 2))
            try await stage.settle(stage.selection(.pods), until: "two pods") { $0.count == 2 }
            _ = try await stage.cluster.perform(
                .delete(.deployments, "web", namespace: stage.namespace, uid: made.uid))
            for resource in [Resource.replicaSets, .pods] {
                try await stage.settle(stage.selection(resource), until: "no \(resource.plural)") { $0.isEmpty }
            }
        },
        ClusterContract("a pod that runs ends within its grace, and one without grace is gone at once") {
            stage async throws in
            for name in ["one", "two"] { try await stage.create(.pods, ContractStage.pod(name)) }
            try await stage.settle(stage.selection(.pods), until: "two ready pods") {
                $0.values.filter(\.isReadyPod).count == 2
            }
            let watch = try await stage.cluster.watch([stage.selection(.pods)])
            try await stage.follow(watch, until: "all pods") { !$0.isEmpty }
            let uid = try await stage.get(.pods, "one")?.uid ?? ""
            let answer = try await stage.cluster.perform(
                .delete(.pods, "one", namespace: stage.namespace, uid: uid))
            #expect(answer.code == 200 && answer.object["kind"] == "Pod" && answer.object.uid == uid)
            #expect(answer.object["metadata"]?["deletionTimestamp"]?.string?.isEmpty == false)
            #expect(answer.object["metadata"]?["deletionGracePeriodSeconds"] == 30)
            let changes = try await stage.follow(watch, until: "one to be gone") { changes in
                changes.contains { if case .deleted(let pod) = $0 { pod.name == "one" } else { false } }
            }
            guard case .changed(let ending)? = changes.first else {
                Issue.record("It is not told to be ending first: \(changes)")
                return
            }
            #expect(ending["metadata"]?["deletionTimestamp"] == answer.object["metadata"]?["deletionTimestamp"])
            await watch.stop()
            let atOnce = try await stage.cluster.perform(
                stage.call(
                    .delete, .pods, "two",
                    ["apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0]))
            #expect(atOnce.object["kind"] == "Pod" && atOnce.object.name == "two")
            #expect(try await stage.get(.pods, "two") == nil)
        },
    ]

    private static let watching = [
        ClusterContract("a watch tells all there is, then each change in its order, and what is gone") {
            stage async throws in
            try await stage.create(.leases, ContractStage.lease("b"))
            try await stage.create(.leases, ContractStage.lease("a"))
            let watch = try await stage.cluster.watch([stage.selection(.leases)])
            let first = try await stage.follow(watch, until: "all") { !$0.isEmpty }
            #expect(first.texts == ["all: a b"])
            try await stage.create(.leases, ContractStage.lease("c"))
            for holder in ["two", "three"] {
                try await stage.patch(.leases, "a", ["spec": ["holderIdentity": .string(holder)]])
            }
            _ = try await stage.cluster.perform(stage.call(.delete, .leases, "b", ["kind": "DeleteOptions"]))
            let changes = try await stage.follow(watch, until: "four changes") { $0.count >= 4 }
            #expect(changes.texts == ["c one", "a two", "a three", "no b"])
            guard case .changed(let last) = changes[2] else { return }
            #expect(try await stage.get(.leases, "a") == last)
            await watch.stop()
        },
        ClusterContract("a watch tells of all its selections, and of what leaves one") { stage async throws in
            try await stage.create(.leases, ContractStage.lease("a", labels: ["team": "red"]))
            try await stage.create(.leases, ContractStage.lease("b", labels: ["team": "blue"]))
            let selections = [
                stage.selection(.leases, labels: ["team": "red"]), stage.selection(.services),
            ]
            let watch = try await stage.cluster.watch(selections)
            let all = try await stage.follow(watch, until: "all of both") { $0.count >= 2 }
            #expect(Set(all.texts) == ["all: a", "all: "])
            try await stage.patch(.leases, "b", ["spec": ["holderIdentity": "unseen"]])
            try await stage.patch(.leases, "b", ["metadata": ["labels": ["team": "red"]]])
            try await stage.patch(.leases, "a", ["metadata": ["labels": ["team": "blue"]]])
            let changes = try await stage.follow(watch, until: "two changes") { $0.count >= 2 }
            #expect(changes.texts == ["b unseen", "no a"])
            await watch.stop()
        },
        ClusterContract("a watch to which nothing happens is quiet until its deadline, by the clock") {
            stage async throws in
            let watch = try await stage.cluster.watch([stage.selection(.leases)])
            try await stage.follow(watch, until: "all") { !$0.isEmpty }
            let deadline = await stage.cluster.now() + .milliseconds(300)
            #expect(try await watch.changes(until: deadline) == [])
            let after = await stage.cluster.now()
            #expect(after >= deadline)
            #expect(try await watch.changes(until: deadline) == [])
            await watch.stop()
        },
        ClusterContract("a watch that was stopped holds up no other") { stage async throws in
            let stopped = try await stage.cluster.watch([stage.selection(.leases)])
            let other = try await stage.cluster.watch([stage.selection(.leases)])
            try await stage.follow(stopped, until: "all") { !$0.isEmpty }
            try await stage.follow(other, until: "all") { !$0.isEmpty }
            await stopped.stop()
            try await stage.create(.leases, ContractStage.lease("a"))
            #expect(try await stage.follow(other, until: "a change") { !$0.isEmpty }.texts == ["a one"])
            #expect(try await other.changes(until: stage.cluster.now() + .milliseconds(100)) == [])
            await other.stop()
        },
    ]

    private static let living = [
        ClusterContract("a Deployment comes to have its pods, and a Service to have them as endpoints") {
            stage async throws in
            let made = try await stage.create(.services, ContractStage.service("shop", app: "web"))
            #expect(made["spec"]?["selector"] == ["app": "web"] && made["spec"]?["type"] == "ClusterIP")
            try await stage.create(.deployments, Play.deployment("web", replicas: 2))
            try await stage.create(.deployments, Play.deployment("api", replicas: 1))
            let slices = stage.selection(.endpointSlices, labels: ["kubernetes.io/service-name": "shop"])
            func settle(_ app: String, _ count: Int) async throws {
                try await stage.settle(slices, until: "\(count) endpoints of \(app)") { slices in
                    let pods = slices.values.flatMap { $0["endpoints"]?.array ?? [] }.filter {
                        $0["conditions"]?["ready"] == true
                    }.compactMap { $0["targetRef"]?["name"]?.string }
                    return pods.count == count && pods.allSatisfy { $0.hasPrefix("\(app)-") }
                }
            }
            try await settle("web", 2)
            try await stage.settle(stage.selection(.deployments), until: "an available Deployment") {
                $0["web"]?["status"]?["availableReplicas"] == 2 && $0["web"]?["status"]?["observedGeneration"] == 1
            }
            try await stage.patch(.services, "shop", ["spec": ["selector": ["app": "api"]]])
            try await settle("api", 1)
            _ = try await stage.cluster.perform(
                .delete(.services, "shop", namespace: stage.namespace, uid: made.uid))
            #expect(try await stage.get(.services, "shop") == nil)
            try await stage.settle(slices, until: "no endpoints") { $0.isEmpty }
        }
    ]

    static func missing(_ resource: String, _ name: String) -> Verdict {
        Verdict(code: 404, reason: "NotFound", message: "\(resource) \"\(name)\" not found")
    }

    static func stale(_ resource: String, _ name: String) -> Verdict {
        Verdict(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \"\(name)\": the object has been modified; please "
                + "apply your changes to the latest version and try again")
    }
}
