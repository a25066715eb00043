import RolloutModel

/// A run as the command answers with it that carried it out.
struct RunItem: Printable {
    var run: RolloutRun
    /// The newest rollout of the subject that came of it; `nil` if it changed nothing of it.
    var rollout: Rollout?
    /// Seconds without a ready endpoint behind the Services over it meanwhile; `nil` if there is no such Service.
    var noReadyEndpointSeconds: Double?

    var namespace: String { run.stream.namespace }
    var name: String { rollout?.name ?? run.stream.shortName }

    static func columns(_ style: TextStyle) -> [Column<RunItem>] {
        [
            Column("NAME") { StyledText($0.name) },
            Column("OUTCOME") { StyledText($0.outcome) },
            Column("REASON") { StyledText($0.run.end?.reason ?? "") },
        ]
    }

    private var outcome: String {
        switch run.end?.outcome {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .aborted: "aborted"
        case nil: "running"
        }
    }

    /// The last line: what is there now.
    var summary: String {
        guard run.end != nil else {
            return "\(name) goes on; `shipslog resume \(run.stream.shortName)` waits for its end"
        }
        if case .canary(let plan) = run.plan.procedure {
            return run.end?.outcome == .succeeded
                ? "\(run.stream.shortName) has handed over to deploy/\(plan.canary.name)"
                : run.isRestored ? "\(run.stream.shortName) serves alone again" : "\(name) was left as it is"
        }
        guard let rollout else { return "\(name) stays as it was" }
        let state = rollout.toSelector.map(ImageText.labels) ?? ImageText.list(rollout.toImages)
        let outage =
            noReadyEndpointSeconds.flatMap { $0 > 0 ? "; nothing served for \(TimeText.duration($0))" : nil } ?? ""
        if run.end?.outcome == .succeeded { return "\(name) succeeded: \(rollout.changeText)\(outage)" }
        return (run.isRestored ? "\(name) is back at \(state)" : "\(name) was left at \(state)") + outage
    }

    var document: JSONValue {
        .object([
            "actor": .actor(run.actor),
            "cluster": .string(run.stream.cluster),
            "endReason": .text(run.end?.reason),
            "isRestored": .bool(run.isRestored),
            "namespace": .string(run.stream.namespace),
            "noReadyEndpointSeconds": .decimal(noReadyEndpointSeconds),
            "outcome": .string(outcome),
            "reason": .text(run.reason),
            "rollout": .text(rollout?.name),
            "run": .string(run.id.description),
            "startedAt": .time(run.startedAt),
            "subject": .string(run.stream.subject),
        ])
    }
}
