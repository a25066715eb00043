import Testing

@testable import RolloutModel

@Suite("What a pod is made from again")
struct PodSpecTests {
    @Test("neither the node that it got, nor the containers by which somebody looked into it")
    func another() {
        let spec: JSONValue = [
            "containers": [["name": "web", "image": "nginx:1"]], "nodeName": "node-1",
            "ephemeralContainers": [["name": "debugger", "image": "busybox"]], "restartPolicy": "Never",
        ]
        #expect(
            PodSpec.forAnother(spec) == [
                "containers": [["name": "web", "image": "nginx:1"]], "restartPolicy": "Never",
            ])
    }
}
