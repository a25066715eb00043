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
