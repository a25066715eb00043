import Replay
import RolloutModel

/// How a replay stands to what was recorded, as `replay` answers with it.
struct ComparisonReport: Printable {
    var run: ReplayRun
    /// What it was performed on: `simulation` or `cluster`.
    var backend: String

    var namespace: String { run.plan.namespaces.first ?? "" }
    var name: String { run.plan.name }

    static func columns(_ style: TextStyle) -> [Column<ComparisonReport>] { [] }

    private var plan: ReplayPlan { run.plan }
    private var comparison: Comparison { run.comparison }

    // MARK: For a person

    /// - Parameter all: Whether also what matched is listed.
    func lines(all: Bool) -> [StyledText] {
        var lines: [StyledText] = [
            StyledText("\(plan.name) on a \(backend == "simulation" ? "simulated" : "real") cluster.")
        ]
        lines += plan.remarks.map { "  \("note", .faint): \($0)" }
        lines += [""] + actionLines
        let lanes = ReplayLanes(run).lines
        if !lanes.isEmpty { lines += [""] + lanes }
        let findings = all ? comparison.findings : comparison.divergences
        if !findings.isEmpty { lines += [""] + findings.prefix(all ? .max : Self.shown).map(line) }
        if !all, findings.count > Self.shown {
            lines.append("  (\(findings.count - Self.shown) more; --all shows them)")
        }
        if !run.isReproduced { lines += [""] + explanation }
        return lines + ["", verdict]
    }

    /// How many divergences are listed unless all are wanted.
    private static let shown = 20

    private var actionLines: [StyledText] {
        plan.actions.enumerated().map { index, action in
            let refusal = run.performance.refusals.first { $0.action == action }
            let done =
                index < run.performance.reached ? StyledText("done", .good) : StyledText("not done", .waiting)
            let verdict = refusal.map { StyledText("refused: \($0.reason)", .bad) } ?? done
            return
                "  \(plan.offset(action.at).padded(to: 6), .faint)   \(action.subject.shortName, .strong)   \(action.summary)   \(verdict)"
        }
    }

    private func line(_ finding: Comparison.Finding) -> StyledText {
        let about = finding.milestone?.about ?? ""
        let recorded = finding.recorded?.what ?? ""
        let replayed = finding.replayed?.what ?? ""
        let time = plan.offset(finding.milestone?.at ?? plan.startsAt).padded(to: 6)
        switch finding.kind {
        case .matched: return "  \(time, .faint)   \("same", .good)      \(about): \(recorded)"
        case .missing: return "  \(time, .faint)   \("missing", .bad)   \(about): \(recorded)"
        case .extra: return "  \(time, .faint)   \("extra", .bad)     \(about): \(replayed)"
        case .otherOutcome:
            return "  \(time, .faint)   \("other", .bad)     \(about): \(replayed), recorded was \(recorded)"
        case .otherOrder:
            return
                "  \(time, .faint)   \("order", .bad)     \(about): \(recorded), now at \(plan.offset(finding.replayed?.at ?? plan.startsAt))"
        case .otherSteps:
            return
                "  \(time, .faint)   \("steps", .good)     \(about): \(finding.recorded == nil ? replayed : recorded), \(side(of: finding)) only"
        }
    }

    /// The first divergence, what was around it, and what can be done about it.
    private var explanation: [StyledText] {
        var lines: [StyledText] = []
        if let first = comparison.divergences.first, let milestone = first.milestone {
            lines.append("\("First divergence", .strong) at \(plan.offset(milestone.at)): \(words(first)).")
            let around = comparison.findings.filter { finding in
                guard let other = finding.milestone, finding != first else { return false }
                return abs(other.at.seconds(since: milestone.at)) <= 2 && other.about.hasPrefix(subject(of: milestone))
            }
            for finding in around.prefix(4) { lines.append("  around it:" + line(finding)) }
        }
        lines += run.performance.problems.map { "\("Waited in vain", .bad): \($0)." }
        for refusal in run.performance.refusals {
            lines.append("\("Refused", .bad): \(refusal.action.summary): \(refusal.reason)")
        }
        if let failure = run.performance.failure {
            lines.append("The cluster would not let pods be made: \(failure)")
        }
        return lines + advice.map { StyledText($0) }
    }

    private func subject(of milestone: Milestone) -> String {
        milestone.about.split(separator: " ").first.map(String.init) ?? milestone.about
    }

    private func words(_ finding: Comparison.Finding) -> String {
        let about = finding.milestone?.about ?? ""
        return switch finding.kind {
        case .matched: "\(about) came as recorded"
        case .missing: "\(about) was \"\(finding.recorded?.what ?? "")\" in the recording, and nothing like it came now"
        case .extra: "\(about) is \"\(finding.replayed?.what ?? "")\", which was not in the recording"
        case .otherOutcome:
            "\(about) is \"\(finding.replayed?.what ?? "")\" where the recording has \"\(finding.recorded?.what ?? "")\""
        case .otherOrder: "\(about) came as \"\(finding.recorded?.what ?? "")\", but not in its turn"
        case .otherSteps: "\(about) stopped at \(finding.milestone?.what ?? "") \(side(of: finding)) only"
        }
    }

    private func side(of finding: Comparison.Finding) -> String { finding.recorded == nil ? "now" : "in the recording" }

    private var advice: [String] {
        let extra = comparison.divergences.compactMap(\.replayed?.what)
        if run.performance.failure != nil {
            return ["Raise the quota, or allow what the admission check refuses; then replay again."]
        }
        if extra.contains(where: { $0.contains("ImagePull") || $0.contains("InvalidImageName") }) {
            return [
                "By the plan's behaviours the image of these pods cannot be pulled: --edit changes how they live."
            ]
        }
        if extra.contains(where: { $0.hasPrefix("not scheduled") }) {
            return ["Nodes have no room for the pods: add nodes, or replay with fewer replicas by --edit."]
        }
        return []
    }

    private var verdict: StyledText {
        let steps = comparison.count(.otherSteps)
        let counts = """
            \(Plural.of(plan.actions.count, "action")), \(Plural.of(plan.expectations.count, "expectation")): \
            \(comparison.count(.matched)) matched, \(steps == 0 ? "" : "\(steps) in other steps, ")\(run.diverged) diverged
            """
        if run.performance.isStopped { return "\("Stopped", .waiting) before its end. \(counts)." }
        return run.isReproduced
            ? "\("Reproduced", .good). \(counts).\(timing.isEmpty ? "" : " \(timing)")"
            : "\("Diverged", .bad). \(counts)."
    }

    /// How far in time what matched was from the recording.
    private var timing: String {
        let lags = comparison.lags.map(abs).sorted()
        guard let most = lags.last, most > 0 else { return "" }
        return "Off by \(TimeText.duration(lags[lags.count / 2])) at the median, \(TimeText.duration(most)) at most."
    }

    // MARK: For a program

    var document: JSONValue {
        let lags = comparison.lags
        return .object([
            "actions": .array(plan.actions.enumerated().map(document)),
            "findings": .array(comparison.findings.map(document)),
            "problems": .array(run.performance.problems.map { .string($0) }),
            "remarks": .array(plan.remarks.map { .string($0) }), "reproduced": .bool(run.isReproduced),
            "rollout": .string(plan.name),
            "summary": .object([
                "actions": .whole(plan.actions.count), "diverged": .whole(run.diverged),
                "expectations": .whole(plan.expectations.count), "extra": .whole(comparison.count(.extra)),
                "matched": .whole(comparison.count(.matched)), "missing": .whole(comparison.count(.missing)),
                "otherOrder": .whole(comparison.count(.otherOrder)),
                "otherOutcome": .whole(comparison.count(.otherOutcome)),
                "otherSteps": .whole(comparison.count(.otherSteps)),
                "refused": .whole(run.performance.refusals.count),
            ]),
            "timing": lags.isEmpty
                ? .null
                : .object([
                    "leastSeconds": .decimal(lags[0]), "medianSeconds": .decimal(lags[lags.count / 2]),
                    "mostSeconds": .decimal(lags[lags.count - 1]),
                ]),
            "to": .string(backend),
        ])
    }

    private func document(_ index: Int, _ action: ReplayPlan.Action) -> JSONValue {
        let refusal = run.performance.refusals.first { $0.action == action }
        return .object([
            "done": .bool(index < run.performance.reached && refusal == nil),
            "namespace": .string(action.subject.namespace), "position": .position(action.position),
            "refused": .text(refusal?.reason), "seconds": .decimal(action.at.seconds(since: plan.startsAt)),
            "subject": .string(action.subject.subject), "text": .string(action.summary),
        ])
    }

    private func document(_ finding: Comparison.Finding) -> JSONValue {
        func side(_ milestone: Milestone?) -> JSONValue {
            milestone.map { milestone in
                .object([
                    "seconds": .decimal(milestone.at.seconds(since: plan.startsAt)), "what": .string(milestone.what),
                ])
            } ?? .null
        }
        return .object([
            "about": .string(finding.milestone?.about ?? ""), "kind": .string(finding.kind.rawValue),
            "namespace": .string(finding.milestone?.namespace ?? ""), "recorded": side(finding.recorded),
            "replayed": side(finding.replayed),
        ])
    }
}
