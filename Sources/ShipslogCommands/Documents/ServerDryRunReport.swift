import Replay
import RolloutModel

/// What a cluster would say today of each action of a plan, as `replay --dry-run=server` answers with it.
struct ServerDryRunReport: Printable {
    var plan: ReplayPlan
    /// What the cluster is called.
    var server: String
    var verdicts: [ServerDryRun.Verdict]

    var namespace: String { plan.namespaces.first ?? "" }
    var name: String { plan.name }
    var refused: Int { verdicts.count { $0.refusal != nil } }

    static func columns(_ style: TextStyle) -> [Column<ServerDryRunReport>] { [] }

    // MARK: For a person

    var lines: [StyledText] {
        var lines: [StyledText] = ["\(plan.name) as \(server) would take it today; nothing is changed.", ""]
        for verdict in verdicts {
            let words = verdict.isPod ? "a pod of it" : "\(verdict.action.subject.shortName) \(verdict.action.summary)"
            let outcome = verdict.refusal.map { StyledText("refused: \($0)", .bad) } ?? StyledText("accepted", .good)
            let time = plan.offset(verdict.action.at).padded(to: 6)
            lines.append("  \(time, .faint)   \(verdict.method) \(verdict.path)   \(words)   \(outcome)")
        }
        let count = Plural.of(verdicts.count, "request")
        lines += [
            "", refused == 0 ? "\("Accepted", .good): \(count)." : "\("Refused", .bad): \(refused) of \(count).",
        ]
        return lines
    }

    // MARK: For a program

    var document: JSONValue {
        .object([
            "requests": .array(
                verdicts.map { verdict in
                    .object([
                        "accepted": .bool(verdict.refusal == nil), "isPod": .bool(verdict.isPod),
                        "method": .string(verdict.method), "namespace": .string(verdict.action.subject.namespace),
                        "path": .string(verdict.path), "position": .position(verdict.action.position),
                        "reason": .text(verdict.refusal), "subject": .string(verdict.action.subject.subject),
                        "text": .string(verdict.action.summary),
                    ])
                }),
            "rollout": .string(plan.name), "server": .string(server),
            "summary": .object(["refused": .whole(refused), "requests": .whole(verdicts.count)]),
            "to": "dry-run=server",
        ])
    }
}
