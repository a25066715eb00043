import RolloutModel
import Testing

@testable import Replay

@Suite("Requests that bring actions about")
struct RequestTests {
    @Test("a bare pod is not made on the node that it had")
    func barePod() throws {
        let pod = ObjectVersion(kind: "Pod", namespace: "shop", name: "batch", uid: "p-1", resourceVersion: "1")
        let manifest: JSONValue = [
            "metadata": ["labels": ["app": "batch"]],
            "spec": ["containers": [["name": "b", "image": "batch:1"]], "nodeName": "node-1"],
        ]
        let created = PodCreated(
            object: pod, createdAt: Timestamp(microseconds: 0), labels: ["app": "batch"], containers: [],
            manifest: manifest)
        let request = try #require(
            Request(
                of: .podCreated(created),
                in: StreamName(cluster: "prod", namespace: "shop", kind: "pod", name: "batch")))
        #expect(
            request.body == [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["labels": ["app": "batch"], "name": "batch", "namespace": "shop"],
                "spec": ["containers": [["name": "b", "image": "batch:1"]]],
            ])
    }
}
