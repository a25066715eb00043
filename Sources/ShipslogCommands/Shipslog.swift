import ArgumentParser
import Foundation
import RolloutModel

/// The command `shipslog`.
struct Shipslog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shipslog",
        abstract: "The ship's log of Kubernetes rollouts.",
        discussion: """
            Every rollout is kept in an append-only ledger: what changed, when, by whom, and how it went.

            Examples:
              shipslog init
              shipslog record -n shop
              shipslog import watch *.watch.jsonl --cluster prod
              shipslog rollouts
              shipslog show deploy/web@3

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a replay diverged, 6 the ledger was tampered with or rolled \
            back, or a bundle was altered, 130 interrupted. `diff` ends with 0 if there is no difference, 1 if there is, 2 on any error.
            """,
        version: "shipslog \(Version.current)",
        subcommands: [InitCommand.self] + live + [
            RolloutCommand.self, ResumeCommand.self, ImportCommand.self, RolloutsCommand.self, HistoryCommand.self,
            ShowCommand.self,
            EventsCommand.self, StateCommand.self, DiffCommand.self, ReplayCommand.self, PlanCommand.self,
            WhatIfCommand.self,
            NoteCommand.self,
            VerifyCommand.self, BundleCommand.self, RebuildCommand.self,
            SchemaCommand.self, CompletionCommand.self, VersionCommand.self,
        ]
    )

    /// What needs a real cluster.
    private static var live: [any ParsableCommand.Type] {
        #if Network
            [
                RecordCommand.self, AuditWebhookCommand.self, NodesCommand.self,
            ]
        #else
            []
        #endif
    }
}

/// A verb of the command line: its options, and what it does in a world.
protocol Verb: ParsableCommand {
    /// Does it.
    ///
    /// - Throws: what went wrong; ``ExitStatus`` if the answer was given and is no success.
    func run(in context: CommandContext) async throws
}

/// The command line as a function of arguments and world.
public enum ShipslogProgram {
    /// Runs a command line, writes its answer and its errors, and returns the exit code.
    ///
    /// - Parameter arguments: Without the name of the program.
    public static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do {
            try await perform(arguments, in: context)
            try context.output.flush()
            return ExitStatus.success.rawValue
        } catch {
            return end(with: ErrorReport(error, helpColumns: context.helpColumns), in: context).rawValue
        }
    }

    private static func perform(_ arguments: [String], in context: CommandContext) async throws {
        var command = try Shipslog.parseAsRoot(arguments)
        if let verb = command as? any Verb {
            try await verb.run(in: context)
        } else {
            // `help`, or a command that only has subcommands: throws what is to be printed.
            try command.run()
        }
    }

    /// Says what is to be said; a reader who went away changes nothing about the exit code.
    private static func end(with report: ErrorReport, in context: CommandContext) -> ExitStatus {
        do {
            if let output = report.output { try context.output.write(output + "\n") }
            try context.output.flush()
            if let notice = report.notice {
                for line in notice.split(separator: "\n", omittingEmptySubsequences: false) {
                    try context.notice(String(line))
                }
            }
        } catch {
            return report.status == .success ? ErrorReport(error).status : report.status
        }
        return report.status
    }
}
