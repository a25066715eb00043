import EventLedger
import Foundation
import RolloutModel

/// What to do when somebody presses Ctrl-C while a run goes on: to ask them, if there is a terminal.
final class Interruption: Sendable {
    private let context: CommandContext
    private let ledger: Ledger
    private let stream: StreamName
    private let turn: TerminalTurn
    private let leave: @Sendable () -> Void

    /// - Parameters:
    ///   - turn: Taken while it asks.
    ///   - leave: Stops the runner; the run can be resumed.
    init(
        context: CommandContext, ledger: Ledger, stream: StreamName, turn: TerminalTurn,
        leave: @escaping @Sendable () -> Void
    ) {
        self.context = context
        self.ledger = ledger
        self.stream = stream
        self.turn = turn
        self.leave = leave
    }

    /// Takes a signal: the first asks, the next while it asks leaves the run.
    func take() {
        let isTerminal = context.isNoticesTerminal && isatty(STDIN_FILENO) == 1
        guard isTerminal, turn.take() else { return leave() }
        Thread.detachNewThread { [self] in
            let answer = ask()
            turn.giveBack()
            Task { await act(on: answer) }
        }
    }

    private enum Answer {
        case goOn, pause, back, leave
    }

    /// - Returns: To leave it if nobody answers, or the question cannot be put.
    private func ask() -> Answer {
        while true {
            do {
                try context.notices.write("\nGo on, pause, go back, or leave it as it is? [g/p/b/l] ")
                try context.notices.flush()
            } catch {
                return .leave
            }
            switch readLine()?.lowercased() {
            case "g": return .goOn
            case "p": return .pause
            case "b": return .back
            case "l", nil: return .leave
            default: continue
            }
        }
    }

    private func act(on answer: Answer) async {
        do {
            switch answer {
            case .goOn: try context.notice("It goes on.")
            case .leave: leave()
            case .pause: try await request { .rolloutPaused(RolloutRequest(run: $0)) }
            case .back: try await request { .rolloutAbortRequested(RolloutRequest(run: $0)) }
            }
        } catch {
            // Who cannot be told what they asked for cannot be done is not to be left waiting for it.
            leave()
        }
    }

    private func request(_ fact: (EventID) -> Fact) async throws {
        guard let run = try await RunCatalog(ledger: ledger).open(of: stream).first else { return }
        try await RunRequest.make(of: run, fact(run.id), in: ledger, context)
        if case .rolloutPaused = fact(run.id) {
            try context.notice("`shipslog rollout resume \(stream.shortName)` goes on with it, from any terminal.")
        }
    }
}
