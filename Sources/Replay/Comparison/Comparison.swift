import RolloutModel

/// What was expected and what came to pass, side by side.
///
/// Milestones are compared where they are about the same thing, in their order; when they came is told beside it and is no
/// difference. Nor are the steps in which the size of a ReplicaSet goes from one number to another: a controller acts on what
/// it finds (https://kubernetes.io/docs/concepts/architecture/controller/), and two pods that become ready one shortly after
/// the other are found one by one or both at once, as chance has it.
package struct Comparison: Hashable, Sendable {
    /// In the order of time.
    package var findings: [Finding]

    /// One milestone of either side, or two that belong together.
    package struct Finding: Hashable, Sendable {
        package var kind: Kind
        package var recorded: Milestone?
        package var replayed: Milestone?

        /// The milestone by which it is placed in time: the recorded one, if there is one.
        package var milestone: Milestone? { recorded ?? replayed }
    }

    /// How the two sides stand to each other.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It came as it had come.
        case matched
        /// It had come, and did not.
        case missing
        /// It came, and had not.
        case extra
        /// Something else came in its place.
        case otherOutcome
        /// It came, but before or after something that it had come after or before.
        case otherOrder
        /// A size on the way from one to another, up or down, that only one side stopped at.
        case otherSteps

        /// Whether something did not come as it had come.
        package var isDivergence: Bool { self != .matched && self != .otherSteps }
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - aftermath: What came after the end in the recording: it may come or not.
    ///   - end: When the replay had ended, by the clock of the recording: what comes from then on may come or not.
    package init(expected: [Milestone], aftermath: [Milestone] = [], replayed: [Milestone], end: Timestamp?) {
        let optional = Set(aftermath)
        struct Subject: Hashable {
            var namespace: String
            var about: String
        }
        var groups: [Subject: (expected: [Milestone], replayed: [Milestone])] = [:]
        for milestone in expected + aftermath {
            groups[Subject(namespace: milestone.namespace, about: milestone.about), default: ([], [])].expected
                .append(milestone)
        }
        for milestone in replayed {
            groups[Subject(namespace: milestone.namespace, about: milestone.about), default: ([], [])].replayed
                .append(milestone)
        }
        var found: [Finding] = []
        for group in groups.values { found += Self.compare(group.expected, group.replayed, end) }
        found.removeAll { finding in
            guard let recorded = finding.recorded, optional.contains(recorded) else { return false }
            return true
        }
        findings = found.sorted { left, right in
            guard let first = left.milestone, let second = right.milestone else { return false }
            return (first.at, first.about, first.position) < (second.at, second.about, second.position)
        }
    }

    private static func compare(_ expected: [Milestone], _ replayed: [Milestone], _ end: Timestamp?) -> [Finding] {
        let pairs = commonSubsequence(expected.map(\.what), replayed.map(\.what))
        var findings = pairs.map {
            Finding(kind: .matched, recorded: expected[$0.0], replayed: replayed[$0.1])
        }
        let matched = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
        var missing = expected.indices.filter { !matched.0.contains($0) }.map { expected[$0] }
        var extra = replayed.indices.filter { !matched.1.contains($0) }.map { replayed[$0] }
        let steps = otherSteps(expected, replayed, pairs)
        missing.removeAll(where: steps.recorded.contains)
        extra.removeAll(where: steps.replayed.contains)
        findings += steps.recorded.map { Finding(kind: .otherSteps, recorded: $0, replayed: nil) }
        findings += steps.replayed.map { Finding(kind: .otherSteps, recorded: nil, replayed: $0) }
        for milestone in missing {
            guard let index = extra.firstIndex(where: { $0.what == milestone.what }) else { continue }
            findings.append(Finding(kind: .otherOrder, recorded: milestone, replayed: extra.remove(at: index)))
            missing.removeAll { $0 == milestone }
        }
        extra.removeAll { milestone in end.map { milestone.at >= $0 } ?? false }
        for (recorded, other) in zip(missing, extra) {
            findings.append(Finding(kind: .otherOutcome, recorded: recorded, replayed: other))
        }
        let both = min(missing.count, extra.count)
        findings += missing.dropFirst(both).map { Finding(kind: .missing, recorded: $0, replayed: nil) }
        findings += extra.dropFirst(both).map { Finding(kind: .extra, recorded: nil, replayed: $0) }
        return findings
    }

    /// The sizes that lie between two that are on both sides, where each side goes from the one to the other without turning.
    private static func otherSteps(
        _ expected: [Milestone], _ replayed: [Milestone], _ pairs: [(Int, Int)]
    ) -> (recorded: [Milestone], replayed: [Milestone]) {
        var steps: (recorded: [Milestone], replayed: [Milestone]) = ([], [])
        for (from, to) in zip(pairs, pairs.dropFirst())
        where isWay(expected[from.0...to.0]) && isWay(replayed[from.1...to.1]) {
            steps.recorded += expected[from.0...to.0].dropFirst().dropLast()
            steps.replayed += replayed[from.1...to.1].dropFirst().dropLast()
        }
        return steps
    }

    /// Whether these are sizes, each greater than the one before, or each less.
    private static func isWay(_ milestones: ArraySlice<Milestone>) -> Bool {
        let sizes = milestones.compactMap(\.size)
        guard sizes.count == milestones.count else { return false }
        let steps = zip(sizes, sizes.dropFirst())
        return steps.allSatisfy { $0 < $1 } || steps.allSatisfy { $0 > $1 }
    }

    /// The index pairs of a longest common subsequence.
    private static func commonSubsequence(_ left: [String], _ right: [String]) -> [(Int, Int)] {
        let prefix = zip(left, right).prefix { $0 == $1 }.count
        let rest = (left.dropFirst(prefix), right.dropFirst(prefix))
        var pairs = (0..<prefix).map { ($0, $0) }
        if rest.0.isEmpty || rest.1.isEmpty { return pairs }
        let (rows, columns) = (Array(rest.0), Array(rest.1))
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: columns.count + 1), count: rows.count + 1)
        for row in rows.indices.reversed() {
            for column in columns.indices.reversed() {
                lengths[row][column] =
                    rows[row] == columns[column]
                    ? lengths[row + 1][column + 1] + 1 : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var (row, column) = (0, 0)
        while row < rows.count, column < columns.count {
            if rows[row] == columns[column] {
                pairs.append((row + prefix, column + prefix))
                (row, column) = (row + 1, column + 1)
            } else if lengths[row + 1][column] >= lengths[row][column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return pairs
    }

    /// What did not come as it had come.
    package var divergences: [Finding] { findings.filter(\.kind.isDivergence) }

    /// Whether everything came as it had come.
    package var isReproduced: Bool { divergences.isEmpty }

    /// How many findings are of a kind.
    package func count(_ kind: Kind) -> Int { findings.count { $0.kind == kind } }

    /// By how many seconds what matched came later than it had come, the least first; negative: earlier.
    package var lags: [Double] {
        findings.compactMap { finding in
            guard finding.kind == .matched, let recorded = finding.recorded, let replayed = finding.replayed else {
                return nil
            }
            return replayed.at.seconds(since: recorded.at)
        }.sorted()
    }
}
