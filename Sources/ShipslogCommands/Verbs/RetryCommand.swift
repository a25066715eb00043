import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog rollout retry`: the newest run of a subject once more.
struct RetryCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Carry out the newest rollout of a subject once more, if it failed or was given up.",
        discussion: """
            What is to be reached is as it was then; from what, and whether it may be, is looked at anew.

            Examples:
              shipslog rollout retry deploy/web
              shipslog rollout retry svc/shop --reason "the registry is back"
            """)

    @Argument(help: ArgumentHelp("What was rolled out: deploy/web.", valueName: "type/name"))
    var target: String

    @OptionGroup var options: RunArguments

    func validate() throws {
        guard try SubjectArgument([target]).name != nil else {
            throw ValidationError("\"\(target)\" names no subject: name it deploy/web.")
        }
    }

    func run(in context: CommandContext) async throws {
        let session = try await RunSession(options, in: context)
        let subject = try SubjectArgument([target])
        let stream = session.stream(subject.kind, subject.name ?? "")
        let ledger = try options.ledger.open(in: context)
        let last = try await RunCatalog(ledger: ledger).newest(of: stream)
        try ledger.close()
        guard let last else {
            throw ShipslogError(.notFound, "The ledger knows of no rollout of \(subject.description) by shipslog.")
        }
        guard let end = last.end else {
            throw ShipslogError(
                .conflict, "The newest rollout of \(subject.description) has not ended.",
                hint: "`shipslog resume \(subject.description)` goes on with it.")
        }
        guard end.outcome != .succeeded else {
            throw ShipslogError(.conflict, "The newest rollout of \(subject.description) succeeded.")
        }
        try session.context.notice("Once more: it ended because \(end.reason)")
        let name = stream.name
        switch last.plan.procedure {
        case .deployment(let change): try await DeploymentTarget(name, session).retry(change)
        case .creation: try await session.carryOut(last.plan, of: stream)
        case .pod(let replacement): try await PodTarget(name, session).retry(replacement)
        case .blueGreen(let plan):
            let wanted = try await ServiceTarget(name, session).plan(ServiceTarget.wish(of: plan))
            try await session.carryOut(.blueGreen(wanted), of: stream)
        case .canary(let plan): try await CanaryTarget(name, session).carryOut(CanaryTarget.wish(of: plan))
        }
    }
}
