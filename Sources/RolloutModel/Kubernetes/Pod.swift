/// A pod of core/v1.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>
package struct Pod: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var spec: Spec
    package var status: Status?
    /// The spec as it is, for a pod without a controller: what is needed to make it again.
    package var rawSpec: JSONValue?

    package struct Spec: Decodable, Sendable {
        package var nodeName: String?
        package var containers: [Container]
        package var initContainers: [Container]?
    }

    package struct Container: Decodable, Sendable {
        package var name: String
        package var image: String?
    }

    package struct Status: Decodable, Sendable {
        package var phase: String?
        package var reason: String?
        package var message: String?
        package var conditions: [Condition]?
        package var containerStatuses: [ContainerStatus]?
        package var initContainerStatuses: [ContainerStatus]?
    }

    package struct ContainerStatus: Decodable, Sendable {
        package var name: String
        package var image: String?
        package var imageID: String?
        package var restartCount: Int?
        package var state: State?
        package var lastState: State?

        package struct State: Decodable, Sendable {
            package var waiting: Waiting?
            package var running: Running?
            package var terminated: Terminated?
        }

        package struct Waiting: Decodable, Sendable {
            package var reason: String?
            package var message: String?
        }

        package struct Running: Decodable, Sendable {
            package var startedAt: Timestamp?
        }

        package struct Terminated: Decodable, Sendable {
            package var reason: String?
            package var message: String?
            package var exitCode: Int?
            package var finishedAt: Timestamp?
        }
    }

    private enum Key: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = try container.decode(Spec.self, forKey: .spec)
        status = try container.decodeIfPresent(Status.self, forKey: .status)
        // Whole specs are large, and of a controller's pods the template says the same.
        if metadata.controller == nil { rawSpec = try container.decode(JSONValue.self, forKey: .spec) }
    }
}
