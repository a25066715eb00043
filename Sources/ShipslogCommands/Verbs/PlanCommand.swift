import ArgumentParser
import EventLedger
import Replay
import RolloutModel

/// `shipslog plan`: what a replay would do.
struct PlanCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a replay would do: what there was, what somebody did, what is expected.",
        discussion: """
            With -o yaml it is a document that can be changed and replayed: `shipslog replay --plan FILE`.

            Examples:
              shipslog plan deploy/web@3
              shipslog plan deploy/web@3 -o yaml > plan.yaml
              shipslog plan --from 2h -n shop -o yaml
            """
    )

    @OptionGroup var span: OptionalSpan
    @OptionGroup var output: OutputOptions

    func validate() throws { try span.require() }

    func run(in context: CommandContext) async throws {
        let ledger = try span.ledger.open(in: context)
        let recorded = try await LedgerHistory(ledger: ledger).plan(span.span(in: ledger, now: context.now()))
        let plan = output.showSecrets ? recorded : try recorded.withoutSecrets()
        try Printer(context: context, options: output).print(PlanItem(plan: plan)) { PlanItem(plan: plan).lines }
    }
}

extension ReplayPlan {
    /// The plan with everything masked that looks secret, so that it still can be performed.
    fileprivate func withoutSecrets() throws -> ReplayPlan {
        let secrets = NumberedSecrets()
        var plan = try mappingBodies(secrets.masked)
        if plan != self {
            plan.remarks.append(
                "Values that look secret are masked, and pods would be made with the masks; to keep them, print it with --show-secrets."
            )
        }
        return plan
    }
}

/// A plan, as `plan` answers with it.
struct PlanItem: Printable {
    var plan: ReplayPlan

    var namespace: String { plan.namespaces.first ?? "" }
    var name: String { plan.name }
    var document: JSONValue { plan.document }

    static func columns(_ style: TextStyle) -> [Column<PlanItem>] { [] }

    var lines: [StyledText] {
        func offset(_ time: Timestamp) -> String { plan.offset(time).padded(to: 6) }
        var lines: [StyledText] = [
            "\(plan.name) of cluster \(plan.cluster), \(TimeText.duration(plan.endsAt.seconds(since: plan.startsAt))) from \(TimeText.absolute(plan.startsAt))"
        ]
        lines += plan.remarks.map { "  \("note", .faint): \($0)" }
        lines += ["", "At the beginning:"]
        lines += plan.objects.isEmpty ? ["  nothing"] : plan.objects.map { "  \($0.subject.shortName)" }
        lines += ["", "Actions:"]
        lines += plan.actions.map { action in
            let waits =
                action.waitsFor.isEmpty
                ? "" : ", once \(action.waitsFor.map(\.shortName).joined(separator: " and ")) is through"
            return "  \(offset(action.at), .faint)   \(action.subject.shortName, .strong)   \(action.summary)\(waits)"
        }
        lines += ["", "Expected:"]
        return lines
            + plan.expectations.map { "  \(offset($0.at), .faint)   \($0.about): \($0.what)" }
    }
}
