import RolloutModel
import Testing

@testable import Replay

@Suite("What was expected beside what came to pass") struct ComparisonTests {
    private func milestones(_ text: String) -> [Milestone] {
        text.split(separator: " ").enumerated().map { index, word in
            let parts = word.split(separator: "=").map(String.init)
            return Milestone(
                namespace: "shop", about: parts[0], what: parts[1],
                at: Timestamp(microseconds: Int64(index) * 1_000_000),
                position: Position(rawValue: Int64(index + 1)))
        }
    }

    private func compare(_ expected: String, _ replayed: String, aftermath: String = "", end: Int64? = nil) -> [String]
    {
        Comparison(
            expected: milestones(expected), aftermath: milestones(aftermath), replayed: milestones(replayed),
            end: end.map { Timestamp(microseconds: $0 * 1_000_000) }
        ).findings.map {
            "\($0.kind) \($0.recorded.map { "\($0.about)=\($0.what)" } ?? "-") \($0.replayed.map { "\($0.about)=\($0.what)" } ?? "-")"
        }
    }

    @Test("what is about different things has no order")
    func independent() {
        #expect(compare("a=1 b=1", "b=1 a=1") == ["matched a=1 a=1", "matched b=1 b=1"])
    }

    @Test("each kind of difference")
    func kinds() {
        #expect(compare("a=1 a=2", "a=1") == ["matched a=1 a=1", "missing a=2 -"])
        #expect(compare("a=1", "a=1 a=2") == ["matched a=1 a=1", "extra - a=2"])
        #expect(
            compare("a=1 a=2 a=3", "a=1 a=4 a=3") == ["matched a=1 a=1", "otherOutcome a=2 a=4", "matched a=3 a=3"])
        #expect(compare("a=1 a=2", "a=2 a=1") == ["otherOrder a=1 a=1", "matched a=2 a=2"])
    }

    @Test("a size is reached in more or fewer steps")
    func steps() {
        func sizes(_ expected: String, _ replayed: String) -> [String] {
            let sides = [expected, replayed].map { side in
                milestones(side.split(separator: " ").map { "r1_size=\($0)" }.joined(separator: " ")).map {
                    var milestone = $0
                    milestone.about = "r1 size"
                    return milestone
                }
            }
            let comparison = Comparison(expected: sides[0], replayed: sides[1], end: nil)
            return [comparison.isReproduced ? "reproduced" : "diverged"]
                + comparison.findings.map { "\($0.kind) \($0.recorded?.what ?? "-") \($0.replayed?.what ?? "-")" }
        }
        #expect(sizes("5 4 2", "5 2") == ["reproduced", "matched 5 5", "otherSteps 4 -", "matched 2 2"])
        #expect(sizes("1 3", "1 2 3") == ["reproduced", "matched 1 1", "matched 3 3", "otherSteps - 2"])
        #expect(
            sizes("5 4 2", "5 3 2") == ["reproduced", "matched 5 5", "otherSteps 4 -", "otherSteps - 3", "matched 2 2"])
        // Turned, on one of the sides; beyond where the other went; before or after anything that both stopped at.
        #expect(sizes("5 1 2", "5 2") == ["diverged", "matched 5 5", "missing 1 -", "matched 2 2"])
        #expect(sizes("5 4 2", "5 6 2") == ["diverged", "matched 5 5", "otherOutcome 4 6", "matched 2 2"])
        #expect(sizes("5 4", "4") == ["diverged", "missing 5 -", "matched 4 4"])
        #expect(sizes("5", "5 4") == ["diverged", "matched 5 5", "extra - 4"])
        #expect(compare("a=5 a=4 a=2", "a=5 a=2") == ["matched a=5 a=5", "missing a=4 -", "matched a=2 a=2"])
    }

    @Test("what was under way at the end may come or not")
    func afterTheEnd() {
        #expect(compare("a=1", "a=1 b=1", end: 1) == ["matched a=1 a=1"])
        #expect(compare("a=1", "a=1 b=1", aftermath: "b=1") == ["matched a=1 a=1"])
        #expect(compare("a=1", "a=1", aftermath: "b=1") == ["matched a=1 a=1"])
        #expect(compare("a=1", "b=1 a=1", end: 1) == ["matched a=1 a=1", "extra - b=1"])
    }

    @Test("later or earlier is told, and is no difference")
    func lags() {
        let comparison = Comparison(expected: milestones("a=1 b=1"), replayed: milestones("b=1 a=1"), end: nil)
        #expect(comparison.isReproduced)
        #expect(comparison.lags == [-1, 1])
    }
}
