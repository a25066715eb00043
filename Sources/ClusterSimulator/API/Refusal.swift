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

    /// What is said of a deletion.
    func otherUID(_ wanted: String, _ actual: String) -> StatusError {
        let why =
            "the UID in the precondition (\(wanted)) does not match the UID in record (\(actual)). The object might have "
            + "been deleted and then recreated"
        // Here it names the kind where it otherwise names the resource.
        return conflict(why, subject: "\(kind) \"\(call.name)\"")
    }

    /// What is said of a deletion.
    func otherVersion(_ wanted: String, _ actual: String) -> StatusError {
        let why =
            "the ResourceVersion in the precondition (\(wanted)) does not match the ResourceVersion in record "
            + "(\(actual)). The object might have been modified"
        return conflict(why, subject: "\(kind) \"\(call.name)\"")
    }

    /// What is said of a change that is for an object with another UID.
    func otherObject(_ wanted: String, _ actual: String) -> StatusError {
        conflict("Precondition failed: UID in precondition: \(wanted), UID in object meta: \(actual)")
    }

    private func conflict(_ why: String, subject: String? = nil) -> StatusError {
        error(409, .conflict, "Operation cannot be fulfilled on \(subject ?? self.subject): \(why)")
    }

    func forbidden(_ why: String) -> StatusError { error(403, .forbidden, why) }

    func badRequest(_ why: String) -> StatusError { error(400, .init(rawValue: "BadRequest"), why) }

    func notAllowed() -> StatusError {
        error(
            405, .init(rawValue: "MethodNotAllowed"), "the server does not allow this method on the requested resource")
    }

    /// `Deployment.apps`.
    private var kind: String {
        call.resource.group.isEmpty ? call.resource.kind : "\(call.resource.kind).\(call.resource.group)"
    }

    /// - Parameter kind: Of what was written, if that is not the kind of the object.
    func invalid(_ faults: [Fault], kind: String? = nil) -> StatusError {
        let kind = kind ?? self.kind
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

    /// - Parameter value: As ``text(_:)`` gives it.
    static func invalid(_ field: String, _ value: String, _ why: String) -> Fault {
        Fault(field: field, reason: "FieldValueInvalid", message: "Invalid value: \(value): \(why)")
    }

    static func notSupported(_ field: String, _ value: JSONValue?, _ supported: [String]) -> Fault {
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return Fault(
            field: field, reason: "FieldValueNotSupported",
            message: "Unsupported value: \(text(value)): supported values: \(list)")
    }

    /// A value as messages show it: as JSON, which older servers do for plain values only.
    static func text(_ value: JSONValue?) -> String {
        switch value {
        case .object(let members)?:
            "{\(members.sorted { $0.key < $1.key }.map { "\"\($0)\":\(text($1))" }.joined(separator: ","))}"
        case .array(let elements)?: "[\(elements.map(text).joined(separator: ","))]"
        case .string(let text)?: "\"\(text)\""
        case .integer(let number)?: String(number)
        case .number(let number)?: String(number)
        case .bool(let isTrue)?: String(isTrue)
        case .null?, nil: "null"
        }
    }
}

extension SimulatedCluster {
    /// What the cluster is called where a server would be named.
    package static let server = "simulation"
}
