import ArgumentParser
import EventLedger
import Replay
import RolloutModel

/// The options that say which part of history is meant, if one is: a rollout, or all that happened in a span of time.
struct OptionalSpan: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The rollout: deploy/web@3; that of the bundle if not given; none with --from.", valueName: "rollout"),
        completion: NameCompletion.rollouts)
    var rollout: [String] = []

    @Option(
        help: ArgumentHelp(
            "All that happened since then, instead of a rollout: 2026-07-30T12:00:05Z, or 2h ago.", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("With --from: until then; else until now.", valueName: "time"))
    var toTime: TimeArgument?

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments

    func validate() throws {
        guard from != nil || toTime == nil else {
            throw ValidationError("--to-time is the end of a span: give --from, too.")
        }
        guard !rollout.isEmpty else { return }
        guard from == nil else {
            throw ValidationError("A rollout and --from exclude each other.")
        }
        _ = try RolloutArgument(rollout)
    }

    /// Whether anything is meant.
    var isGiven: Bool { !rollout.isEmpty || from != nil || toTime != nil || ledger.bundle != nil }

    /// Refuses it if nothing is meant.
    func require() throws {
        guard !rollout.isEmpty || from != nil || ledger.bundle != nil else {
            throw ValidationError("Name a rollout, such as deploy/web@3, or a span with --from.")
        }
    }

    /// The span that is meant.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no such rollout, or nothing happened in the span.
    func span(in ledger: Ledger, now: Timestamp) async throws -> ReplaySpan {
        let scope = try scope.scope(of: ledger)
        let finder = SubjectFinder(ledger: ledger, scope: scope)
        guard let from else {
            let rollout = try finder.rollout(named: rollout)
            return ReplaySpan(of: rollout, head: try ledger.end())
        }
        let (start, end) = (from.resolved(now: now), toTime?.resolved(now: now) ?? now)
        guard start < end else { throw ValidationError("--from must be before --to-time.") }
        let subjects = try finder.streams(of: nil)
        var first: Position?
        var last: Position = 0
        for try await event in ledger.events(EventQuery(streams: subjects, since: start, until: end)) {
            first = first ?? event.position
            last = event.position
        }
        guard let first, Set(subjects.map(\.cluster)).count == 1 else {
            throw ShipslogError(
                .notFound,
                first == nil
                    ? "Nothing happened from \(TimeText.absolute(start)) to \(TimeText.absolute(end))."
                    : "The span is of several clusters: say which with --cluster.",
                hint: first == nil ? "`shipslog rollouts` says when something did." : nil)
        }
        return ReplaySpan(
            name: "\(TimeText.absolute(start)) to \(TimeText.absolute(end))", subjects: subjects,
            after: Position(rawValue: first.rawValue - 1), through: last)
    }
}
