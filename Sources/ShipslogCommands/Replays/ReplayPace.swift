import ArgumentParser
import Foundation
import Replay
import RolloutModel

/// How fast a replay goes: so many times as fast as recorded, or as fast as can be.
struct SpeedArgument: ExpressibleByArgument, Equatable {
    /// From a thousandth to a million; infinite for as fast as can be.
    var factor: Double

    /// What it may be, beside infinite: with less or more, times are no longer to be reckoned with.
    private static let range = 0.001...1_000_000

    /// Reads `1`, `10x`, `0.5` or `max`.
    init?(argument: String) {
        if argument == "max" {
            factor = .infinity
            return
        }
        guard let factor = Double(argument.hasSuffix("x") ? String(argument.dropLast()) : argument),
            Self.range.contains(factor)
        else { return nil }
        self.factor = factor
    }

    init(factor: Double) { self.factor = factor }

    var defaultValueDescription: String { factor.isInfinite ? "max" : "\(factor)x" }
}

/// A person at a terminal who looks on: shows how far a replay is, waits before each action if they want to step, and
/// stops where they want to stop.
actor ReplayAudience: ReplayStage {
    private let context: CommandContext
    private let plan: ReplayPlan
    /// How many times as fast as recorded it is shown; infinite for at once.
    private let speed: Double
    private let steps: Bool
    private let until: Position?
    private let isQuiet: Bool
    private let bar: ProgressBar
    private let keys: ReplayKeys?
    private var shownSince: ContinuousClock.Instant?

    /// - Parameters:
    ///   - speed: Infinite where the cluster itself takes its time.
    ///   - until: The action before which it stops; `nil` for none.
    ///   - keys: By which it is paused and stopped; `nil` for none.
    init(
        _ plan: ReplayPlan, in context: CommandContext, speed: Double, steps: Bool, until: Position?,
        keys: ReplayKeys? = nil, isQuiet: Bool
    ) {
        self.plan = plan
        self.context = context
        self.speed = speed
        self.steps = steps
        self.until = until
        self.keys = keys
        self.isQuiet = isQuiet
        bar = ProgressBar("replaying \(plan.name)", in: context, quiet: isQuiet || steps)
    }

    func shouldPerform(_ action: ReplayPlan.Action, number: Int, of count: Int) async throws -> Bool {
        if let until, action.position >= until { return false }
        try await pace(to: action.at)
        try await holdWhilePaused()
        if keys?.isStopped == true { return false }
        guard steps else { return true }
        for request in action.requests {
            try context.notice("\(number) of \(count): \(request.method) \(request.path)   \(action.summary)")
        }
        try context.notices.write("[Enter] does it, q stops here: ")
        guard let answer = readLine() else { return false }
        return answer.trimmingCharacters(in: .whitespaces).lowercased() != "q"
    }

    func performed(_ action: ReplayPlan.Action, refusal: String?) throws {
        guard steps else { return }
        try context.notice(refusal.map { "refused: \($0)" } ?? "done")
    }

    func saw(_ milestone: Milestone) async throws {
        try await pace(to: milestone.at)
        let length = plan.endsAt.microseconds - plan.startsAt.microseconds
        bar.update(min(length, milestone.at.microseconds - plan.startsAt.microseconds), of: length)
        if steps, !isQuiet { try context.notice("    \(milestone.about): \(milestone.what)") }
    }

    /// Takes away what was shown.
    func leave() {
        bar.finish()
        keys?.close()
    }

    /// How often it is looked whether a key was pressed.
    private static let attention = Duration.milliseconds(50)

    /// Waits as long as somebody wants it to; the recording's clock stands meanwhile.
    private func holdWhilePaused() async throws {
        let since = ContinuousClock.now
        while keys?.isPaused == true { try await Task.sleep(for: Self.attention) }
        shownSince = shownSince.map { $0 + since.duration(to: .now) }
    }

    /// Waits until a moment of the recording has come, at the speed at which it is shown.
    private func pace(to moment: Timestamp) async throws {
        guard speed.isFinite else { return }
        shownSince = shownSince ?? .now
        let passed = Duration.seconds(max(0, moment.seconds(since: plan.startsAt)) / speed)
        while let begun = shownSince, begun + passed > .now, keys?.isStopped != true {
            try await holdWhilePaused()
            try await Task.sleep(until: min(begun + passed, .now + Self.attention))
        }
    }
}
