import RolloutModel

/// What is needed to make a second Service from a first.
enum ServiceTwin {
    /// The manifest of a Service with the ports of another one, and labels of its own to select.
    static func manifest(of service: JSONValue, name: String, selector: [String: String]) -> JSONValue {
        // Which port of the nodes the Service has is its own.
        let ports = (service["spec"]?["ports"]?.array ?? []).map { port in
            JSONValue.object((port.object ?? [:]).filter { $0.key != "nodePort" })
        }
        var spec: JSONValue = ["selector": .object(selector.mapValues { .string($0) })]
        if !ports.isEmpty { spec["ports"] = .array(ports) }
        return ["apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)], "spec": spec]
    }

    /// A selector with the keys of a Service's and the values of other pods.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if those pods lack one of the labels.
    static func selector(
        like selector: [String: String], of service: String, for labels: [String: String], of deployment: String
    ) throws -> [String: String] {
        try selector.reduce(into: [:]) { target, pair in
            guard let value = labels[pair.key] else {
                throw ShipslogError(
                    .invalidArgument,
                    "svc/\(service) selects by the label \(pair.key), which the pods of deploy/\(deployment) do not have."
                )
            }
            target[pair.key] = value
        }
    }
}

extension RunSession {
    /// What a Service over the new pods alone is made from; `nil` if it is there.
    ///
    /// - Parameters:
    ///   - service: The Service whose ports it gets.
    ///   - selector: What it selects if it is made.
    ///   - labels: Those of the new pods, and of the old.
    ///   - hint: What to do if another one is there.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the one that is there selects other pods; what the
    ///   cluster throws.
    func twin(
        of service: JSONValue, name: String, selecting selector: [String: String],
        labels: (new: [String: String], old: [String: String]), hint: String
    ) async throws -> JSONValue? {
        guard let existing = try await place.cluster.get(.services, name, namespace: place.namespace) else {
            return ServiceTwin.manifest(of: service, name: name, selector: selector)
        }
        let present = existing["spec"]?["selector"]?.strings ?? [:]
        guard present.selects(labels.new), !present.selects(labels.old) else {
            throw ShipslogError(
                .invalidArgument, "svc/\(name) is there, and does not select the new pods alone.", hint: hint)
        }
        return nil
    }
}
