extension PodBehaviours {
    /// The document that reads as these behaviours; what is as by default is left out.
    package var document: JSONValue {
        .object([
            "apiVersion": .string(Self.apiVersion), "kind": .string(Self.kind),
            "seed": .integer(Int64(clamping: seed)), "rules": .array(rules.map(\.document)),
        ])
    }
}

extension PodBehaviours.Rule {
    fileprivate var document: JSONValue {
        let plain = PodBehaviour()
        var members: [String: JSONValue] = [:]
        if match != PodMatch() { members["match"] = match.document }
        if let unschedulable = behaviour.unschedulable {
            members["unschedulable"] = .members([
                "message": .string(unschedulable.message), "for": unschedulable.duration.map { .duration($0) },
            ])
        }
        if behaviour.start != plain.start { members["start"] = behaviour.start.document }
        if let pull = behaviour.imagePull {
            members["imagePull"] = .members([
                "message": .string(pull.message), "failures": pull.failures.map { .integer(Int64($0)) },
                "backOff": .duration(pull.backOff.first), "maxBackOff": .duration(pull.backOff.longest),
            ])
        }
        if behaviour.ready != plain.ready { members["ready"] = behaviour.ready?.document ?? "never" }
        if let exit = behaviour.exit {
            members["exit"] = .members([
                "after": .duration(exit.delay.after), "jitter": .duration(exit.delay.jitter),
                "code": .integer(Int64(exit.code)), "reason": .string(exit.reason),
                "times": exit.times.map { .integer(Int64($0)) }, "backOff": .duration(exit.backOff.first),
                "maxBackOff": .duration(exit.backOff.longest),
            ])
        }
        if behaviour.termination != plain.termination {
            members["termination"] = .members([
                "after": .duration(behaviour.termination.delay.after),
                "jitter": .duration(behaviour.termination.delay.jitter),
                "ignoresSIGTERM": .bool(behaviour.termination.ignoresSIGTERM),
            ])
        }
        if !behaviour.scripts.isEmpty { members["scripts"] = .array(behaviour.scripts.map(\.document)) }
        return .object(members)
    }
}

extension PodMatch {
    fileprivate var document: JSONValue {
        .members([
            "image": image.map { .string($0.text) }, "namespace": namespace.map { .string($0) },
            "name": name.map { .string($0.text) },
            "labels": labels.isEmpty ? nil : .object(labels.mapValues { .string($0) }),
            "revision": revision.map { .integer(Int64($0)) }, "owner": owner.map { .string($0) },
            "template": template.map { .string($0) }, "ordinal": ordinal.map { .integer(Int64($0)) },
        ])
    }
}

extension PodBehaviour.Delay {
    fileprivate var document: JSONValue { ["after": .duration(after), "jitter": .duration(jitter)] }
}

extension PodBehaviour.Readiness {
    fileprivate var document: JSONValue {
        .members([
            "after": .duration(delay.after), "jitter": .duration(delay.jitter),
            "flips": flips.map { flips in
                .members([
                    "every": .duration(flips.every), "for": .duration(flips.duration),
                    "times": flips.times.map { .integer(Int64($0)) },
                ])
            },
        ])
    }
}

extension PodScript {
    fileprivate var document: JSONValue {
        .members([
            "createdAt": createdAt.map { .string($0.rfc3339) }, "steps": .array(steps.map(\.document)),
            "termination": termination.map { .duration($0) },
        ])
    }
}

extension PodScript.Step {
    fileprivate var document: JSONValue {
        var members: [String: JSONValue?] = [
            "after": .duration(after), "scheduled": isScheduled ? true : nil,
            "unschedulable": unschedulable.map { .string($0) }, "previous": previous?.document,
            "restarts": restartCount.map { .integer(Int64($0)) }, "ready": isReady.map { .bool($0) },
            "phase": phase.map { .string($0.rawValue) },
        ]
        switch container {
        case .waiting(let reason, let message):
            members["waiting"] = .string(reason)
            members["message"] = message?.nonEmpty.map { .string($0) }
        case .running: members["running"] = true
        case .terminated(let ending): members["terminated"] = ending.document
        case nil: break
        }
        return .members(members)
    }
}

extension PodScript.Ending {
    fileprivate var document: JSONValue { ["reason": .string(reason), "code": .integer(Int64(code))] }
}

extension JSONValue {
    /// An object of those members that have a value.
    package static func members(_ members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMapValues { $0 })
    }

    /// A length of time as documents have it.
    package static func duration(_ duration: Duration) -> JSONValue { .string(DurationText.format(duration)) }
}
