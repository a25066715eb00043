import RolloutModel

/// Why the simulated API server does not do what it was asked, in the words of a real one.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>
struct Refusal {
    let call: ClusterCall

    /// `deployments.apps "web"`.
    private var subject: String {
        let resource = call.resource
        return "\(resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)") \"\(call.name)\""
    }

    func notFound() -> StatusError { error(404, .notFound, "\(subject) not found") }

    func noNamespace(_ name: String) -> StatusError { error(404, .notFound, "namespaces \"\(name)\" not found") }

    func alreadyExists() -> StatusError { error(409, .alreadyExists, "\(subject) already exists") }

    func stale() -> StatusError {
        conflict("the object has been modified; please apply your changes to the latest version and try again")
    }

    func otherUID(_ wanted: String, _ actual: String) -> StatusError {
        conflict("Precondition failed: UID in precondition: \(wanted), UID in object meta: \(actual)")
    }

    func otherVersion(_ wanted: String, _ actual: String) -> StatusError {
        conflict(
            "Precondition failed: ResourceVersion in precondition: \(wanted), ResourceVersion in object meta: \(actual)"
        )
    }

    private func conflict(_ why: String) -> StatusError {
        error(409, .conflict, "Operation cannot be fulfilled on \(subject): \(why)")
    }

    func forbidden(_ why: String) -> StatusError { error(403, .forbidden, why) }

    func badRequest(_ why: String) -> StatusError { error(400, .init(rawValue: "BadRequest"), why) }

    func notAllowed() -> StatusError {
        error(
            405, .init(rawValue: "MethodNotAllowed"), "the server does not allow this method on the requested resource")
    }

    func invalid(_ faults: [Fault]) -> StatusError {
        let resource = call.resource
        let kind = resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)"
        let texts = faults.map { "\($0.field): \($0.message)" }
        return error(
            422, .invalid,
            "\(kind) \"\(call.name)\" is invalid: \(texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")",
            causes: faults.map { .init(reason: $0.reason, message: $0.message, field: $0.field) })
    }

    private func error(
        _ code: Int, _ reason: StatusError.Reason, _ message: String, causes: [StatusError.Cause] = []
    ) -> StatusError {
        StatusError(
            code: code, reason: reason, message: message, causes: causes, request: "\(call.method) \(call.path)",
            server: SimulatedCluster.server)
    }
}

/// What is wrong with a field.
struct Fault: Hashable {
    var field: String
    var reason: String
    var message: String

    static func required(_ field: String, _ why: String = "") -> Fault {
        Fault(
            field: field, reason: "FieldValueRequired",
            message: "Required value" + (why.isEmpty ? "" : ": \(why)"))
    }

    static func invalid(_ field: String, _ value: String, _ why: String) -> Fault {
        Fault(field: field, reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)")
    }
}

extension SimulatedCluster {
    /// What the cluster is called where a server would be named.
    package static let server = "simulation"
}
