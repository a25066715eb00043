import Replay
import RolloutModel

/// What would have come of a rollout, as `what-if` answers with it.
struct WhatIfReport: Printable {
    /// As it was recorded.
    var rollout: RolloutItem
    /// As the simulated cluster does it with nothing changed.
    var unchanged: Trial
    /// With the changes, the best first.
    var trials: [Trial]
    var plan: ReplayPlan

    var namespace: String { rollout.namespace }
    var name: String { rollout.name }

    static func columns(_ style: TextStyle) -> [Column<WhatIfReport>] { [] }

    func lines(_ printer: Printer) -> [StyledText] {
        let rows =
            [WhatIfRow(title: "as recorded", recorded: rollout), WhatIfRow(title: "simulated", trial: unchanged)]
            + trials.map { WhatIfRow(title: $0.variant.summary, trial: $0) }
        return plan.remarks.map { "\("note", .faint): \($0)" } + printer.tableLines(rows)
    }

    var document: JSONValue {
        .object([
            "remarks": .array(plan.remarks.map { .string($0) }), "rollout": .string(name),
            "recorded": WhatIfRow(title: "", recorded: rollout).document,
            "unchanged": WhatIfRow(title: "", trial: unchanged).document,
            "variants": .array(trials.map { WhatIfRow(title: $0.variant.summary, trial: $0).document }),
        ])
    }
}

/// One line of it.
struct WhatIfRow: Printable {
    var title: String
    var outcome: Rollout.Outcome
    var trouble: String?
    var isParetoBest = false
    var seconds: Spread?
    var lowestReady: Spread?
    var mostPods: Spread?
    var nothingReady: Spread?
    /// How many of the seeds ended so.
    var agreeing: (count: Int, of: Int) = (1, 1)

    /// A figure over all seeds.
    struct Spread {
        var least: Double
        var median: Double
        var most: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            least = sorted.first ?? 0
            median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            most = sorted.last ?? 0
        }

        func text(_ format: (Double) -> String) -> String {
            least == most ? format(median) : "\(format(median)) (\(format(least)) to \(format(most)))"
        }

        var document: JSONValue {
            .object(["least": .decimal(least), "median": .decimal(median), "most": .decimal(most)])
        }
    }

    init(title: String, recorded item: RolloutItem) {
        self.title = title
        let rollout = item.rollout
        outcome = rollout.outcome
        trouble = rollout.diagnosis
        seconds = rollout.durationSeconds.map { Spread([$0]) }
        lowestReady = Spread([Double(rollout.lowestReady)])
        mostPods = Spread([Double(rollout.mostPods)])
        nothingReady = item.noReadyEndpointSeconds.map { Spread([$0]) }
    }

    init(title: String, trial: Trial) {
        self.title = title
        let median = trial.median
        outcome = median?.outcome ?? .running
        trouble = median?.trouble
        isParetoBest = trial.isParetoBest
        seconds = Spread(trial.figures.map(\.seconds))
        lowestReady = Spread(trial.figures.map { Double($0.lowestReady) })
        mostPods = Spread(trial.figures.map { Double($0.mostPods) })
        nothingReady = Spread(trial.figures.map(\.nothingReadySeconds))
        agreeing = (trial.figures.count { $0.outcome == median?.outcome }, trial.figures.count)
    }

    var namespace: String { "" }
    var name: String { title }

    static func columns(_ style: TextStyle) -> [Column<WhatIfRow>] {
        func whole(_ value: Double) -> String { String(Int(value)) }
        return [
            Column("VARIANT") { StyledText($0.title) },
            Column("BEST") { StyledText($0.isParetoBest ? "*" : "") },
            Column("OUTCOME") { row in
                let share = row.agreeing.of > 1 ? " (\(row.agreeing.count) of \(row.agreeing.of))" : ""
                return StyledText(row.outcome.rawValue + share, row.outcome == .succeeded ? .good : .bad)
            },
            Column("DURATION") { StyledText($0.seconds?.text(TimeText.duration) ?? "") },
            Column("LOWEST READY") { StyledText($0.lowestReady?.text(whole) ?? "") },
            Column("MOST PODS") { StyledText($0.mostPods?.text(whole) ?? "") },
            Column("NOTHING READY") { StyledText($0.nothingReady?.text(TimeText.duration) ?? "") },
            Column("TROUBLE") { StyledText($0.trouble ?? "") },
        ]
    }

    var document: JSONValue {
        .object([
            "agreeing": .whole(agreeing.count), "lowestReady": lowestReady?.document ?? .null,
            "mostPods": mostPods?.document ?? .null, "nothingReadySeconds": nothingReady?.document ?? .null,
            "outcome": .string(outcome.rawValue), "paretoBest": .bool(isParetoBest),
            "seconds": seconds?.document ?? .null, "seeds": .whole(agreeing.of), "trouble": .text(trouble),
            "variant": .string(title),
        ])
    }
}
