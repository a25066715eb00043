import ArgumentParser
import RolloutModel

/// A verb that asks something of a run that goes on, in whatever process.
protocol RequestVerb: Verb {
    var target: String { get }
    var options: RequestArguments { get }
    /// What is asked of a run.
    func request(of run: EventID) -> Fact
    /// What to tell who asked it: the name of the subject comes before.
    var answer: String { get }
}

extension RequestVerb {
    func validate() throws { _ = try subject() }

    private func subject() throws -> SubjectArgument {
        let subject = try SubjectArgument([target])
        guard subject.name != nil else { throw ValidationError("\"\(target)\" names no subject: name it deploy/web.") }
        return subject
    }

    func run(in context: CommandContext) async throws {
        try await RunRequest(context: context, options: options).make(of: subject(), request, answer: answer)
    }
}

/// `shipslog rollout pause`.
struct PauseCommand: RequestVerb {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Have a rollout that goes on wait where it is.",
        discussion: """
            A canary waits at its step, a blue-green rollout before its switch or before the old pods go, a rolling \
            update with its Deployment paused.

            Examples:
              shipslog rollout pause deploy/web
            """)

    @Argument(help: ArgumentHelp("What is rolled out: deploy/web.", valueName: "type/name"))
    var target: String
    @OptionGroup var options: RequestArguments

    func request(of run: EventID) -> Fact { .rolloutPaused(RolloutRequest(run: run, reason: options.reason)) }
    var answer: String { "is to wait" }
}

/// `shipslog rollout resume`.
struct ContinueCommand: RequestVerb {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Have a rollout that was paused go on.",
        discussion: """
            A rollout whose runner died is another matter: `shipslog resume` goes on with it.

            Examples:
              shipslog rollout resume deploy/web
            """)

    @Argument(help: ArgumentHelp("What is rolled out: deploy/web.", valueName: "type/name"))
    var target: String
    @OptionGroup var options: RequestArguments

    func request(of run: EventID) -> Fact { .rolloutResumed(RolloutRequest(run: run, reason: options.reason)) }
    var answer: String { "is to go on" }
}

/// `shipslog rollout promote`.
struct PromoteCommand: RequestVerb {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Have a rollout go on at once, without waiting.",
        discussion: """
            A canary goes on to its next step, or with --full to all traffic; a blue-green rollout lets the old pods go.

            Examples:
              shipslog rollout promote deploy/web
              shipslog rollout promote deploy/web --full --reason "looks well"
            """)

    @Argument(help: ArgumentHelp("What is rolled out: deploy/web.", valueName: "type/name"))
    var target: String
    @Flag(help: "Leave out all steps but the last.")
    var full = false
    @OptionGroup var options: RequestArguments

    func request(of run: EventID) -> Fact { .rolloutPromoted(RolloutPromoted(isFull: full, reason: options.reason)) }
    var answer: String { full ? "is to go on to the end" : "is to go on at once" }
}

/// `shipslog rollout abort`.
struct AbortCommand: RequestVerb {
    static let configuration = CommandConfiguration(
        commandName: "abort", abstract: "Have a rollout that goes on bring back what was there before.",
        discussion: """
            Examples:
              shipslog rollout abort deploy/web --reason "too many errors"
            """)

    @Argument(help: ArgumentHelp("What is rolled out: deploy/web.", valueName: "type/name"))
    var target: String
    @OptionGroup var options: RequestArguments

    func request(of run: EventID) -> Fact { .rolloutAbortRequested(RolloutRequest(run: run, reason: options.reason)) }
    var answer: String { "is to go back" }
}
