import RolloutModel

/// A rollout as commands answer with it.
struct RolloutItem: Printable {
    var rollout: Rollout
    /// Seconds without a ready endpoint behind the Services over it; `nil` if there is no such Service, or if it was not
    /// asked for.
    var noReadyEndpointSeconds: Double?

    var namespace: String { rollout.stream.namespace }
    var name: String { rollout.name }

    static func columns(_ style: TextStyle) -> [Column<RolloutItem>] {
        [
            Column("CLUSTER", isWide: true) { StyledText($0.rollout.stream.cluster) },
            Column("NAME") { StyledText($0.name) },
            Column("STRATEGY") { StyledText($0.rollout.strategy.rawValue) },
            Column("IMAGE") { StyledText($0.rollout.changeText) },
            Column("STARTED") { style.moment($0.rollout.startedAt) },
            Column("DURATION") { StyledText($0.rollout.durationText(now: style.now)) },
            Column("BY") { StyledText($0.rollout.actor?.text ?? "<unknown>") },
            Column("LOWEST-READY", isWide: true) { StyledText("\($0.rollout.lowestReady)/\($0.rollout.desired)") },
            Column("MOST-PODS", isWide: true) { StyledText("\($0.rollout.mostPods)") },
            Column("NO-ENDPOINT", isWide: true) {
                StyledText($0.noReadyEndpointSeconds.map(TimeText.duration) ?? "<none>")
            },
            Column("CHANGE-CAUSE", isWide: true) { StyledText($0.rollout.changeCause ?? "<none>") },
            Column("OUTCOME") { $0.rollout.outcomeText },
            Column("DIAGNOSIS") { StyledText($0.rollout.diagnosis ?? "") },
        ]
    }

    var document: JSONValue {
        let rollout = rollout
        return .object([
            "actor": .actor(rollout.actor),
            "changeCause": .text(rollout.changeCause),
            "cluster": .string(rollout.stream.cluster),
            "desired": .whole(rollout.desired),
            "diagnosis": .text(rollout.diagnosis),
            "durationSeconds": .decimal(rollout.durationSeconds),
            "endPosition": .position(rollout.endPosition),
            "endedAt": .time(rollout.endedAt),
            "firstPosition": .position(rollout.firstPosition),
            "fromImages": .texts(rollout.fromImages),
            "fromRevision": .whole(rollout.fromRevision),
            "fromSelector": .labels(rollout.fromSelector),
            "kind": .string(rollout.kind.rawValue),
            "lowestReady": .whole(rollout.lowestReady),
            "mostPods": .whole(rollout.mostPods),
            "name": .string(rollout.name),
            "namespace": .string(rollout.stream.namespace),
            "noReadyEndpointSeconds": .decimal(noReadyEndpointSeconds),
            "number": .whole(rollout.number),
            "outcome": .string(rollout.outcome.rawValue),
            "pods": .texts(rollout.pods),
            "restores": .whole(rollout.restores),
            "revision": .whole(rollout.revision),
            "startPosition": .position(rollout.startPosition),
            "startedAt": .time(rollout.startedAt),
            "strategy": .string(rollout.strategy.rawValue),
            "subject": .string(rollout.stream.subject),
            "toImages": .texts(rollout.toImages),
            "toSelector": .labels(rollout.toSelector),
        ])
    }
}

extension Rollout {
    /// As commands print and take it: `deploy/web@3`.
    var name: String { "\(stream.shortName)@\(number)" }

    /// What it changed: images, or the labels that a Service selects.
    var changeText: String {
        if let fromSelector, let toSelector { return ImageText.change(from: fromSelector, to: toSelector) }
        return ImageText.change(from: fromImages, to: toImages)
    }

    /// How long it took, or has run so far.
    func durationText(now: Timestamp) -> String {
        durationSeconds.map(TimeText.duration) ?? TimeText.duration(max(0, now.seconds(since: startedAt).rounded()))
    }

    /// How it ended, and for a rollback what it went back to.
    var outcomeText: StyledText {
        let word = StyledText(outcome.rawValue, outcome.tone)
        guard kind == .rollback else { return word }
        return word + StyledText(restores.map { " (back to @\($0))" } ?? " (back to the first)")
    }
}

extension Rollout.Outcome {
    var tone: StyledText.Tone {
        switch self {
        case .succeeded: .good
        case .running: .active
        case .superseded: .waiting
        case .failed, .rolledBack, .aborted: .bad
        }
    }
}

extension Actor {
    /// The name with what it rests on: `alice (audit)`, `kubectl-set (field manager)`.
    var text: String {
        switch evidence {
        case .engine: "\(name) (shipslog)"
        case .audit: "\(name) (audit)"
        case .fieldManager: "\(name) (field manager)"
        }
    }
}
