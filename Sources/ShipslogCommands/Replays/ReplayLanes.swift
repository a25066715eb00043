import Replay
import RolloutModel

/// Recording and replay as lanes, one above the other: how many pods of each revision were ready, over time.
struct ReplayLanes {
    private let run: ReplayRun

    init(_ run: ReplayRun) { self.run = run }

    private static let columns = 56

    /// The lanes; none if nothing is told of ready pods.
    var lines: [StyledText] {
        let plan = run.plan
        let recorded = counts(plan.expectations)
        let replayed = counts(run.performance.milestones)
        let names = Set(recorded.keys).union(replayed.keys).sorted()
        guard !names.isEmpty, plan.endsAt > plan.comparedFrom else { return [] }
        let width = names.map(\.count).max() ?? 0
        var lines: [StyledText] = [
            "  \("ready pods".padded(to: width), .faint)              \("+0s".padded(to: Self.columns - 6), .faint)\("+\(TimeText.duration(plan.endsAt.seconds(since: plan.comparedFrom)))", .faint)"
        ]
        for name in names {
            let start = replayed[name]?.last { $0.at < plan.comparedFrom }?.count ?? before(name)
            lines.append("  \(name.padded(to: width))   recorded   \(lane(recorded[name] ?? [], from: start))")
            lines.append(
                "  \("".padded(to: width))   \("replayed", .faint)   \(lane(replayed[name] ?? [], from: start))")
        }
        return lines
    }

    /// The counts of each revision, in the order of time.
    private func counts(_ milestones: [Milestone]) -> [String: [(at: Timestamp, count: Int)]] {
        var counts: [String: [(at: Timestamp, count: Int)]] = [:]
        for milestone in milestones where milestone.about.hasSuffix(" ready") {
            guard let count = Int(milestone.what) else { continue }
            counts[String(milestone.about.dropLast(6)), default: []].append((milestone.at, count))
        }
        return counts
    }

    private func lane(_ counts: [(at: Timestamp, count: Int)], from start: Int) -> String {
        let plan = run.plan
        let length = plan.endsAt.microseconds - plan.comparedFrom.microseconds
        return String(
            (0..<Self.columns).map { column -> Character in
                let time = Timestamp(
                    microseconds: plan.comparedFrom.microseconds + length * Int64(column + 1) / Int64(Self.columns))
                let count = counts.last { $0.at <= time }?.count ?? start
                return count == 0 ? "." : count > 9 ? "+" : Character(String(count))
            })
    }

    /// How many there were at the beginning.
    private func before(_ name: String) -> Int {
        for object in run.plan.objects {
            let spec = object.request.body["spec"]
            guard let template = spec?["template"],
                let number = run.plan.revisions[object.subject]?[Template.digest(template)],
                name == "\(object.subject.shortName) r\(number)"
            else { continue }
            return Int(spec?["replicas"]?.integer ?? 1)
        }
        return 0
    }
}
