import Replay
import RolloutModel

/// How often a replay came out as recorded, and how else.
struct RepetitionReport: Printable {
    var runs: [ReplayRun]
    var backend: String
    var firstSeed: UInt64

    var namespace: String { runs.first?.plan.namespaces.first ?? "" }
    var name: String { runs.first?.plan.name ?? "" }

    static func columns(_ style: TextStyle) -> [Column<RepetitionReport>] { [] }

    private var reproduced: Int { runs.count { $0.isReproduced } }

    /// How the rollouts ended, each with how often, the most frequent first.
    private var outcomes: [(outcome: String, count: Int)] {
        var counts: [String: Int] = [:]
        for run in runs {
            let ends = run.performance.milestones.filter(\.isOutcome)
            counts[ends.map { "\($0.about): \($0.what)" }.joined(separator: "; "), default: 0] += 1
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    var lines: [StyledText] {
        let tone: StyledText.Tone = reproduced == runs.count ? .good : .bad
        var lines: [StyledText] = ["\(name): \("\(reproduced) of \(runs.count)", tone) came as recorded.", ""]
        lines += outcomes.map {
            "  \(String($0.count).padded(to: 6)) \($0.outcome.isEmpty ? "no rollout ended" : $0.outcome)"
        }
        return lines
    }

    var document: JSONValue {
        .object([
            "outcomes": .array(
                outcomes.map { .object(["count": .whole($0.count), "outcome": .string($0.outcome)]) }),
            "reproduced": .whole(reproduced), "rollout": .string(name),
            "runs": .array(
                runs.enumerated().map { index, run in
                    .object([
                        "diverged": .whole(run.diverged), "matched": .whole(run.comparison.count(.matched)),
                        "reproduced": .bool(run.isReproduced),
                        "seed": .integer(Int64(clamping: firstSeed &+ UInt64(index))),
                    ])
                }),
            "to": .string(backend),
        ])
    }
}
