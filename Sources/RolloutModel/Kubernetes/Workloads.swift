/// A Deployment of apps/v1.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/>
package struct Deployment: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var spec: Spec
    package var status: Status?

    package struct Spec: Decodable, Sendable {
        package var replicas: Int?
        package var paused: Bool?
        package var selector: JSONValue
        package var template: JSONValue
        package var strategy: Strategy?
        package var minReadySeconds: Int?
        package var progressDeadlineSeconds: Int?
        package var revisionHistoryLimit: Int?
    }

    package struct Strategy: Decodable, Sendable {
        package var type: String?
        package var rollingUpdate: RollingUpdate?

        package struct RollingUpdate: Decodable, Sendable {
            package var maxSurge: IntOrString?
            package var maxUnavailable: IntOrString?
        }
    }

    package struct Status: Decodable, Sendable {
        package var observedGeneration: Int?
        package var replicas: Int?
        package var updatedReplicas: Int?
        package var readyReplicas: Int?
        package var availableReplicas: Int?
        package var conditions: [Condition]?
    }
}

/// A ReplicaSet of apps/v1.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/>
package struct ReplicaSet: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var spec: Spec

    package struct Spec: Decodable, Sendable {
        package var replicas: Int?
        package var template: JSONValue?
    }
}

/// A condition of a Deployment or a pod.
package struct Condition: Codable, Hashable, Sendable {
    package var type: String
    package var status: String
    package var reason: String?
    package var message: String?
    package var lastTransitionTime: Timestamp?
    /// Of a Deployment's condition only.
    package var lastUpdateTime: Timestamp?

    package init(
        type: String, status: String, reason: String? = nil, message: String? = nil,
        lastTransitionTime: Timestamp? = nil, lastUpdateTime: Timestamp? = nil
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.lastTransitionTime = lastTransitionTime
        self.lastUpdateTime = lastUpdateTime
    }
}

/// A number, or a percentage as text; kept as it is written.
package struct IntOrString: Decodable, Sendable {
    package var text: String

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try (try? container.decode(Int.self)).map(String.init) ?? container.decode(String.self)
    }
}
