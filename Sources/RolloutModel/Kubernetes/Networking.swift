/// A Service of core/v1.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>
package struct Service: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var spec: Spec

    package struct Spec: Decodable, Sendable {
        package var selector: [String: String]?
        package var type: String?
        package var ports: JSONValue?
    }
}

/// The part of an HTTPRoute of gateway.networking.k8s.io, v1 or v1beta1, that rollouts touch.
///
/// - SeeAlso: <https://gateway-api.sigs.k8s.io/api-types/httproute/>
package struct HTTPRoute: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var spec: Spec?

    package struct Spec: Decodable, Sendable {
        package var rules: [Rule]?
    }

    package struct Rule: Decodable, Sendable {
        package var matches: [Match]?
        package var backendRefs: [BackendReference]?
    }

    /// All that a request must have to be for the rule.
    package struct Match: Decodable, Sendable {
        package var method: String?
        package var path: Value?
        package var headers: [Value]?
        package var queryParams: [Value]?
    }

    /// Something that a request has, and how it is compared.
    package struct Value: Decodable, Sendable {
        /// Absent for `Exact`, or for a path, `PathPrefix`.
        package var type: String?
        /// Of a header or a query parameter.
        package var name: String?
        package var value: String?
    }

    /// Where a share of the requests goes; absent parts mean what the API says they mean.
    package struct BackendReference: Decodable, Sendable {
        package var kind: String?
        package var namespace: String?
        package var name: String
        package var weight: Int?
    }
}

/// An EndpointSlice of discovery.k8s.io, v1 or v1beta1.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>
package struct EndpointSlice: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var endpoints: [Endpoint]?

    package struct Endpoint: Decodable, Sendable {
        package var addresses: [String]?
        package var conditions: Conditions?
        package var targetRef: ObjectReference?
    }

    /// Absent ones mean what the API says they mean: ready and serving, not terminating.
    package struct Conditions: Decodable, Sendable {
        package var ready: Bool?
        package var serving: Bool?
        package var terminating: Bool?
    }

    /// The Service that the slice belongs to.
    package var service: String? {
        metadata.labels?["kubernetes.io/service-name"]?.nonEmpty
            ?? metadata.ownerReferences?.first { $0.kind == "Service" }?.name
    }
}

/// A reference to another object.
package struct ObjectReference: Decodable, Sendable {
    package var kind: String?
    package var namespace: String?
    package var name: String?
    package var uid: String?
}

/// An Event of core/v1: what the cluster's components tell people.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>
package struct CoreEvent: Decodable, Sendable {
    package var metadata: ObjectMeta
    package var involvedObject: ObjectReference
    package var type: String?
    package var reason: String?
    package var message: String?
    package var count: Int?
    package var firstTimestamp: Timestamp?
    package var lastTimestamp: Timestamp?
    package var eventTime: Timestamp?
    package var series: Series?

    package struct Series: Decodable, Sendable {
        package var count: Int?
        package var lastObservedTime: Timestamp?
    }

    /// When it was last said.
    package var lastSaidAt: Timestamp? {
        [firstTimestamp, lastTimestamp, eventTime, series?.lastObservedTime].compactMap { $0 }.max()
    }
}

/// A Status of meta/v1: how the API server says that something went wrong.
package struct Status: Decodable, Sendable {
    package var code: Int?
    package var reason: String?
    package var message: String?
}
