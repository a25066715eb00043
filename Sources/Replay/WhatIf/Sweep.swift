import RolloutModel

/// Several variants beside each other: what came of each, over one or more seeds.
package struct Trial: Hashable, Sendable {
    package var variant: Variant
    /// One for each seed.
    package var figures: [Experiment.Figures]
    /// Whether no other is as good in every respect and better in one.
    package var isParetoBest = false

    package init(_ variant: Variant, _ figures: [Experiment.Figures]) {
        self.variant = variant
        self.figures = figures
    }

    /// The middle of the figures, each by itself; of outcomes the most frequent.
    package var median: Experiment.Figures? {
        guard let first = figures.first else { return nil }
        var outcomes: [Rollout.Outcome: Int] = [:]
        for figure in figures { outcomes[figure.outcome, default: 0] += 1 }
        let outcome = outcomes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? first.outcome
        func middle<Value: Comparable>(_ value: (Experiment.Figures) -> Value) -> Value {
            figures.map(value).sorted()[figures.count / 2]
        }
        return Experiment.Figures(
            outcome: outcome, trouble: figures.first { $0.outcome == outcome }?.trouble, seconds: middle(\.seconds),
            lowestReady: middle(\.lowestReady), mostPods: middle(\.mostPods),
            nothingReadySeconds: middle(\.nothingReadySeconds))
    }

    /// The trials with the best first: what succeeds, then what serves all the time, keeps the most pods ready, is the
    /// quickest and takes the fewest pods; those that no other beats in every respect are marked.
    package static func ranked(_ trials: [Trial]) -> [Trial] {
        let medians = trials.map(\.median)
        var marked = trials
        for index in trials.indices {
            guard let own = medians[index], own.outcome == .succeeded else { continue }
            marked[index].isParetoBest = !medians.contains { other in
                guard let other, other.outcome == .succeeded else { return false }
                return other.isBetter(than: own)
            }
        }
        return marked.sorted { left, right in
            guard let first = left.median, let second = right.median else { return false }
            return first.rank < second.rank
        }
    }
}

extension Experiment.Figures {
    fileprivate func isBetter(than other: Self) -> Bool {
        let pairs: [(Double, Double)] = [
            (seconds, other.seconds), (nothingReadySeconds, other.nothingReadySeconds),
            (Double(mostPods), Double(other.mostPods)), (-Double(lowestReady), -Double(other.lowestReady)),
        ]
        return pairs.allSatisfy { $0 <= $1 } && pairs.contains { $0 < $1 }
    }

    /// The least first.
    fileprivate var rank: (Int, Double, Int, Double, Int) {
        (outcome == .succeeded ? 0 : 1, nothingReadySeconds, -lowestReady, seconds, mostPods)
    }
}
