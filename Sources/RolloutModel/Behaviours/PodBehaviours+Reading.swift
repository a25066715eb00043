extension PodBehaviours {
    /// The `apiVersion` and `kind` of the document.
    package static let apiVersion = "shipslog/v1"
    package static let kind = "PodBehaviours"

    /// Reads a document, however it was written (YAML, JSON).
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` that says what is wrong and where in the document; the
    ///   caller adds which file it is.
    package init(_ document: JSONValue) throws {
        self = try FieldReader.read(document) { reader in
            guard try reader.text("apiVersion") == Self.apiVersion, try reader.text("kind") == Self.kind else {
                throw ShipslogError(
                    .invalidArgument, "The document must have apiVersion: \(Self.apiVersion) and kind: \(Self.kind)."
                )
            }
            let seed = try reader.number("seed", in: 0...Int.max) ?? 0
            let rules = try reader.list("rules") { try Rule(&$0) } ?? []
            return PodBehaviours(seed: UInt64(seed), rules: rules)
        }
    }
}

extension PodBehaviours.Rule {
    fileprivate init(_ reader: inout FieldReader) throws {
        match = try reader.object("match") { try PodMatch(&$0) } ?? PodMatch()
        behaviour = PodBehaviour()
        behaviour.unschedulable = try reader.object("unschedulable") { reader in
            PodBehaviour.Unschedulable(
                message: try reader.text("message") ?? "0/1 nodes are available: 1 Insufficient cpu.",
                duration: try reader.duration("for")
            )
        }
        behaviour.start = try reader.object("start") { try PodBehaviour.Delay(&$0) } ?? behaviour.start
        behaviour.imagePull = try reader.object("imagePull") { reader in
            PodBehaviour.ImagePull(
                message: try reader.text("message") ?? "manifest unknown",
                failures: try reader.number("failures", in: 1...1_000_000), backOff: try PodBehaviour.BackOff(&reader)
            )
        }
        if reader.value("ready") == .string("never") {
            behaviour.ready = nil
        } else {
            behaviour.ready = try reader.object("ready") { try PodBehaviour.Readiness(&$0) } ?? behaviour.ready
        }
        behaviour.exit = try reader.object("exit") { try PodBehaviour.Exit(&$0) }
        behaviour.termination =
            try reader.object("termination") { reader in
                PodBehaviour.Termination(
                    delay: try PodBehaviour.Delay(&reader), ignoresSIGTERM: try reader.flag("ignoresSIGTERM") ?? false
                )
            } ?? behaviour.termination
        behaviour.scripts = try reader.list("scripts") { try PodScript(&$0) } ?? []
    }
}

extension PodMatch {
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(
            image: try reader.text("image").map { Pattern($0) }, namespace: try reader.text("namespace"),
            name: try reader.text("name").map { Pattern($0) },
            labels: try reader.texts("labels") ?? [:], revision: try reader.number("revision", in: 1...Int.max),
            owner: try reader.text("owner"), template: try reader.text("template"),
            ordinal: try reader.number("ordinal", in: 1...Int.max)
        )
    }
}

extension PodBehaviour.Delay {
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(after: try reader.duration("after") ?? .zero, jitter: try reader.duration("jitter") ?? .zero)
    }
}

extension PodBehaviour.BackOff {
    /// Two members of the object that backs off.
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init()
        first = try reader.duration("backOff") ?? first
        // Without it a life could have infinitely many changes in one moment.
        guard first > .zero else { throw reader.wrong("backOff", "must be above zero") }
        longest = max(first, try reader.duration("maxBackOff") ?? longest)
    }
}

extension PodBehaviour.Readiness {
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(
            delay: try PodBehaviour.Delay(&reader),
            flips: try reader.object("flips") { reader in
                guard let every = try reader.duration("every"), every > .zero else {
                    throw reader.wrong("every", "must be a length of time above zero")
                }
                guard let duration = try reader.duration("for"), duration > .zero else {
                    throw reader.wrong("for", "must be a length of time above zero")
                }
                return PodBehaviour.Flips(
                    every: every, duration: duration, times: try reader.number("times", in: 1...1_000_000)
                )
            })
    }
}

extension PodBehaviour.Exit {
    fileprivate init(_ reader: inout FieldReader) throws {
        let reason = try reader.text("reason")
        let code = try reader.number("code", in: 0...255) ?? (reason == "OOMKilled" ? 137 : 1)
        self.init(
            delay: try PodBehaviour.Delay(&reader), code: code,
            reason: reason ?? (code == 0 ? "Completed" : "Error"),
            times: try reader.number("times", in: 1...1_000_000), backOff: try PodBehaviour.BackOff(&reader)
        )
    }
}

extension PodScript {
    fileprivate init(_ reader: inout FieldReader) throws {
        let createdAt = try reader.text("createdAt")
        self.init(
            createdAt: try createdAt.map {
                guard let time = Timestamp(rfc3339: $0) else {
                    throw reader.wrong("createdAt", "must be a time such as 2026-07-30T12:00:05Z")
                }
                return time
            },
            steps: try reader.list("steps") { try Step(&$0) } ?? [], termination: try reader.duration("termination"))
    }
}

extension PodScript.Step {
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(after: try reader.duration("after") ?? .zero)
        isScheduled = try reader.flag("scheduled") ?? false
        unschedulable = try reader.text("unschedulable")
        let message = try reader.text("message")
        if let reason = try reader.text("waiting") { container = .waiting(reason: reason, message: message) }
        if try reader.flag("running") == true { container = .running }
        container = try reader.object("terminated") { .terminated(try PodScript.Ending(&$0)) } ?? container
        previous = try reader.object("previous") { try PodScript.Ending(&$0) }
        restartCount = try reader.number("restarts", in: 0...1_000_000)
        isReady = try reader.flag("ready")
        phase = try reader.text("phase").map {
            guard let phase = PodMoment.Phase(rawValue: $0) else {
                throw reader.wrong("phase", "must be Pending, Running, Succeeded or Failed")
            }
            return phase
        }
    }
}

extension PodScript.Ending {
    fileprivate init(_ reader: inout FieldReader) throws {
        self.init(
            reason: try reader.text("reason") ?? "Error", code: try reader.number("code", in: 0...255) ?? 1)
    }
}
