import RolloutModel

/// A plan as a document that people can read, change and hand in again.
extension ReplayPlan {
    package static let apiVersion = PodBehaviours.apiVersion
    package static let kind = "ReplayPlan"

    /// The document; times but for the first are told from the beginning.
    package var document: JSONValue {
        .object([
            "apiVersion": .string(Self.apiVersion), "kind": .string(Self.kind), "name": .string(name),
            "cluster": .string(cluster), "startsAt": .string(startsAt.rfc3339),
            "comparedFrom": offset(comparedFrom), "endsAt": offset(endsAt),
            "objects": .array(
                objects.map { object in
                    ["subject": .string(Self.text(object.subject)), "request": object.request.document]
                }),
            "actions": .array(actions.map(document)), "behaviours": behaviours.document,
            "expectations": .array(expectations.map(document)), "aftermath": .array(aftermath.map(document)),
            "revisions": .object(
                Dictionary(
                    revisions.map { stream, numbers in
                        (Self.text(stream), .object(numbers.mapValues { .integer(Int64($0)) }))
                    }
                ) { first, _ in first }),
            "remarks": .array(remarks.map { .string($0) }),
        ])
    }

    private func document(_ action: Action) -> JSONValue {
        .members([
            "at": offset(action.at), "position": .integer(action.position.rawValue),
            "subject": .string(Self.text(action.subject)), "summary": .string(action.summary),
            "requests": .array(action.requests.map(\.document)),
            "pod": action.role.map { role in
                .members([
                    "revision": role.revision.map { .integer(Int64($0)) }, "ordinal": .integer(Int64(role.ordinal)),
                ])
            },
            "waitsFor": action.waitsFor.isEmpty ? nil : .array(action.waitsFor.map { .string(Self.text($0)) }),
        ])
    }

    private func document(_ milestone: Milestone) -> JSONValue {
        [
            "at": offset(milestone.at), "namespace": .string(milestone.namespace), "about": .string(milestone.about),
            "what": .string(milestone.what), "position": .integer(milestone.position.rawValue),
        ]
    }

    private func offset(_ time: Timestamp) -> JSONValue {
        .duration(.microseconds(max(0, time.microseconds - startsAt.microseconds)))
    }

    /// `shop/deployment/web`.
    private static func text(_ stream: StreamName) -> String { "\(stream.namespace)/\(stream.subject)" }

    /// Reads a document.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument`, which says what is wrong and where.
    package init(_ document: JSONValue) throws {
        self = try FieldReader.read(document) { reader in
            guard try reader.text("apiVersion") == Self.apiVersion, try reader.text("kind") == Self.kind else {
                throw ShipslogError(
                    .invalidArgument, "The document must have apiVersion: \(Self.apiVersion) and kind: \(Self.kind).",
                    hint: "`shipslog plan deploy/web@3 -o yaml` prints one.")
            }
            return try ReplayPlan(&reader)
        }
    }

    private init(_ reader: inout FieldReader) throws {
        let cluster = try reader.required("cluster") { try $0.text($1) }
        guard StreamName.isValidPart(cluster) else { throw reader.wrong("cluster", "must be a name without a slash") }
        let startsAt = try reader.required("startsAt") { try $0.text($1) }
        guard let start = Timestamp(rfc3339: startsAt) else {
            throw reader.wrong("startsAt", "must be a time such as 2026-07-30T12:00:05Z")
        }
        func time(_ reader: inout FieldReader, _ key: String) throws -> Timestamp {
            start + (try reader.duration(key) ?? .zero)
        }
        func subject(_ reader: FieldReader, _ key: String, _ text: String) throws -> StreamName {
            guard let stream = StreamName("\(cluster)/\(text)"), Request.kinds.contains(stream.kind) else {
                throw reader.wrong(key, "must name a subject such as shop/deployment/web, not \"\(text)\"")
            }
            return stream
        }
        func milestones(_ reader: inout FieldReader, _ key: String) throws -> [Milestone] {
            try reader.list(key) { reader in
                Milestone(
                    namespace: try reader.required("namespace") { try $0.text($1) },
                    about: try reader.required("about") { try $0.text($1) },
                    what: try reader.required("what") { try $0.text($1) }, at: try time(&reader, "at"),
                    position: Position(rawValue: Int64(try reader.number("position", in: 0...Int.max) ?? 0)))
            } ?? []
        }
        var revisions: [StreamName: [String: Int]] = [:]
        for (key, value) in reader.value("revisions")?.object ?? [:] {
            revisions[try subject(reader, "revisions", key)] = (value.object ?? [:]).compactMapValues {
                $0.integer.map { Int($0) }
            }
        }
        let end = try time(&reader, "endsAt")
        self.init(
            name: try reader.required("name") { try $0.text($1) }, cluster: cluster, startsAt: start,
            comparedFrom: try time(&reader, "comparedFrom"), endsAt: end,
            objects: try reader.list("objects") { reader in
                let setup = Setup(
                    subject: try subject(reader, "subject", reader.required("subject") { try $0.text($1) }),
                    request: try reader.required("request") { try $0.object($1) { try Request(&$0) } })
                guard try setup.request.isAbout(setup.subject) else {
                    throw reader.wrong("request.path", "is not of \(Self.text(setup.subject))")
                }
                return setup
            } ?? [],
            actions: try reader.list("actions") { reader in
                let name = try subject(reader, "subject", reader.required("subject") { try $0.text($1) })
                var action = Action(
                    position: Position(rawValue: Int64(try reader.number("position", in: 0...Int.max) ?? 0)),
                    subject: name, at: try time(&reader, "at"),
                    summary: try reader.text("summary") ?? "", requests: [], role: nil, waitsFor: [])
                action.requests = try reader.list("requests") { try Request(&$0) } ?? []
                guard !action.requests.isEmpty else { throw reader.wrong("requests", "must have a request") }
                action.role = try reader.object("pod") { reader in
                    PodRole(
                        subject: name, revision: try reader.number("revision", in: 1...Int.max),
                        ordinal: try reader.number("ordinal", in: 1...Int.max) ?? 1)
                }
                for (index, request) in action.requests.enumerated() {
                    // Which pod it is about by its name in the recording, its role says.
                    let isOfPod = try action.role != nil && request.target.namespace == name.namespace
                    guard try isOfPod || request.isAbout(name) else {
                        throw reader.wrong("requests[\(index)].path", "is not of \(Self.text(name))")
                    }
                }
                action.waitsFor = try (reader.value("waitsFor")?.array ?? []).map {
                    try subject(reader, "waitsFor", $0.string ?? "")
                }
                guard action.at <= end else { throw reader.wrong("at", "must not be after endsAt") }
                return action
            } ?? [],
            behaviours: try reader.nested("behaviours") { try PodBehaviours($0) } ?? PodBehaviours(),
            expectations: try milestones(&reader, "expectations"), aftermath: try milestones(&reader, "aftermath"),
            revisions: revisions,
            remarks: (reader.value("remarks")?.array ?? []).compactMap(\.string))
        try checkOrder(reader)
        for (index, rule) in behaviours.rules.enumerated() {
            guard let owner = rule.match.owner, !subjects.contains(owner) else { continue }
            throw reader.wrong(
                "behaviours.rules[\(index)].match.owner", "names \(owner), of which the plan has no pods")
        }
    }

    /// The names of what has pods.
    private var subjects: Set<String> { Set((objects.map(\.subject) + actions.map(\.subject)).map(\.name)) }

    private func checkOrder(_ reader: FieldReader) throws {
        var made = Set(objects.map(\.subject))
        for (index, action) in actions.enumerated() {
            if index > 0, action.at < actions[index - 1].at {
                throw reader.wrong("actions[\(index)].at", "must not be before that of the action above it")
            }
            if action.requests.contains(where: { $0.method == "POST" }) { made.insert(action.subject) }
            for other in [action.subject] + action.waitsFor where !made.contains(other) {
                throw reader.wrong(
                    "actions[\(index)]", "needs \(other.shortName), which is not there before it")
            }
        }
    }
}

extension Request {
    /// The kinds of subjects that requests are about.
    static let kinds: Set<String> = ["deployment", "service", "pod"]

    /// As documents have it.
    package var document: JSONValue {
        [
            "method": .string(method), "path": .string(path), "contentType": .string(contentType), "body": body,
        ]
    }

    /// Whether it is about a subject, and no other object of its cluster.
    fileprivate func isAbout(_ subject: StreamName) throws -> Bool {
        let (resource, namespace, name) = try target
        return namespace == subject.namespace && resource.kind.lowercased() == subject.kind && name == subject.name
    }

    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(
            method: try reader.required("method") { try $0.text($1) },
            path: try reader.required("path") { try $0.text($1) },
            contentType: try reader.text("contentType") ?? Self.json, body: reader.value("body") ?? .object([:]))
        guard ["POST", "PATCH", "DELETE"].contains(method) else {
            throw reader.wrong("method", "must be POST, PATCH or DELETE")
        }
        do {
            _ = try target
        } catch let error as ShipslogError {
            throw reader.wrong("path", "is of no object that can be replayed: \(error.hint ?? error.message)")
        }
    }
}
