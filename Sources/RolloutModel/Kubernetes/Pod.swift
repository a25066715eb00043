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
        package var restartPolicy: String?
        package var schedulerName: String?
    }

    package struct Container: Decodable, Sendable {
        package var name: String
        package var image: String?
    }

    package struct Status: Codable, Hashable, Sendable {
        package var phase: String?
        package var reason: String?
        package var message: String?
        package var conditions: [Condition]?
        package var hostIP: String?
        package var podIP: String?
        package var startTime: Timestamp?
        package var containerStatuses: [ContainerStatus]?
        package var initContainerStatuses: [ContainerStatus]?

        package init(
            phase: String? = nil, conditions: [Condition]? = nil, hostIP: String? = nil, podIP: String? = nil,
            startTime: Timestamp? = nil, containerStatuses: [ContainerStatus]? = nil
        ) {
            self.phase = phase
            self.conditions = conditions
            self.hostIP = hostIP
            self.podIP = podIP
            self.startTime = startTime
            self.containerStatuses = containerStatuses
        }
    }

    package struct ContainerStatus: Codable, Hashable, Sendable {
        package var name: String
        package var image: String?
        package var imageID: String?
        package var restartCount: Int?
        package var ready: Bool?
        package var started: Bool?
        package var containerID: String?
        package var state: State?
        package var lastState: State?

        package init(
            name: String, image: String? = nil, imageID: String? = nil, restartCount: Int? = nil, ready: Bool? = nil,
            started: Bool? = nil, containerID: String? = nil, state: State? = nil, lastState: State? = nil
        ) {
            self.name = name
            self.image = image
            self.imageID = imageID
            self.restartCount = restartCount
            self.ready = ready
            self.started = started
            self.containerID = containerID
            self.state = state
            self.lastState = lastState
        }

        package struct State: Codable, Hashable, Sendable {
            package var waiting: Waiting?
            package var running: Running?
            package var terminated: Terminated?

            package init(waiting: Waiting? = nil, running: Running? = nil, terminated: Terminated? = nil) {
                self.waiting = waiting
                self.running = running
                self.terminated = terminated
            }
        }

        package struct Waiting: Codable, Hashable, Sendable {
            package var reason: String?
            package var message: String?

            package init(reason: String? = nil, message: String? = nil) {
                self.reason = reason
                self.message = message
            }
        }

        package struct Running: Codable, Hashable, Sendable {
            package var startedAt: Timestamp?

            package init(startedAt: Timestamp? = nil) {
                self.startedAt = startedAt
            }
        }

        package struct Terminated: Codable, Hashable, Sendable {
            package var reason: String?
            package var message: String?
            package var exitCode: Int?
            package var startedAt: Timestamp?
            package var finishedAt: Timestamp?

            package init(
                reason: String? = nil, message: String? = nil, exitCode: Int? = nil, startedAt: Timestamp? = nil,
                finishedAt: Timestamp? = nil
            ) {
                self.reason = reason
                self.message = message
                self.exitCode = exitCode
                self.startedAt = startedAt
                self.finishedAt = finishedAt
            }
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
