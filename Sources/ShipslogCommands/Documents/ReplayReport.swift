import Replay
import RolloutModel

/// What came of a dry run, as `replay` answers with it.
struct ReplayReport: Printable {
    var name: String
    var namespace: String
    var startedAt: Timestamp
    var steps: [DryRun.Step]
    var summary: DryRun.Summary
    /// What is different at the end; `nil` if nothing is.
    var difference: String?

    static func columns(_ style: TextStyle) -> [Column<ReplayReport>] { [] }

    /// The run for a person: actions one by one, what was observed in between in short.
    func lines(all: Bool, masked: Bool) -> [StyledText] {
        var lines: [StyledText] = []
        var observed: [DryRun.Step] = []
        func flush() {
            let timeline = Timeline(
                entries: observed.map { Timeline.Entry($0.event, fact: $0.fact, actor: $0.event.event.actor) })
            for line in all ? timeline.unfolded() : timeline.folded() {
                lines.append("  \(seconds(line.time), .faint)   observed   \(line.text)")
            }
            for step in observed {
                if let divergence = step.divergence {
                    lines.append("  \("DIVERGED", .bad) at \(step.event.position): \(divergence)")
                }
            }
            observed = []
        }
        for step in steps {
            guard let request = step.request else {
                observed.append(step)
                continue
            }
            flush()
            let verdict = step.divergence.map { StyledText("REFUSED: \($0)", .bad) } ?? StyledText("valid", .good)
            let what = FactText(step.fact).line
            lines.append(
                "  \(seconds(step.event.event.occurredAt), .faint)   \(request.method, .strong) \(request.path)   \(verdict)"
            )
            lines.append("  \("".padded(to: seconds(step.event.event.occurredAt).count))   \(what)")
            if all { lines.append("  \(JSONText.line(masked ? Secrets.masked(request.body) : request.body))") }
        }
        flush()
        return [StyledText("\(name) against nothing: each action as the request it would be.")] + lines + [
            "", verdict,
        ]
    }

    private var verdict: StyledText {
        let counts = """
            \(Plural.of(summary.actions, "action")), \(Plural.of(summary.expectations, "expectation")): \
            \(summary.matched) matched, \(summary.diverged) diverged
            """
        if let difference { return "\("Diverged", .bad): \(difference). \(counts)." }
        return summary.diverged == 0 ? "\("Same", .good) as recorded. \(counts)." : "\("Diverged", .bad). \(counts)."
    }

    private func seconds(_ time: Timestamp) -> String {
        "+\(TimeText.duration(max(0, time.seconds(since: startedAt))))".padded(to: 6)
    }

    var document: JSONValue {
        .object([
            "difference": .text(difference),
            "rollout": .string(name),
            "steps": .array(steps.map(document)),
            "summary": .object([
                "actions": .whole(summary.actions), "diverged": .whole(summary.diverged),
                "expectations": .whole(summary.expectations), "matched": .whole(summary.matched),
            ]),
            "to": .string("dry-run"),
        ])
    }

    private func document(of step: DryRun.Step) -> JSONValue {
        let text = FactText(step.fact)
        let request = step.request.map { request -> JSONValue in
            .object([
                "body": request.body, "contentType": .string(request.contentType), "method": .string(request.method),
                "path": .string(request.path),
            ])
        }
        return .object([
            "divergence": .text(step.divergence),
            "kind": .string(step.request == nil ? "expectation" : "action"),
            "matched": .bool(step.divergence == nil),
            "object": .text(text.about),
            "position": .position(step.event.position),
            "request": request ?? .null,
            "seconds": .decimal(step.event.event.occurredAt.seconds(since: startedAt)),
            "text": .string(text.text),
            "time": .time(step.event.event.occurredAt),
            "type": .string(step.event.event.type.rawValue),
        ])
    }
}
