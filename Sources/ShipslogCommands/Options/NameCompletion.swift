import ArgumentParser
import EventLedger
import RolloutModel

/// The names that a shell offers while a command line is typed: those in the ledger.
enum NameCompletion {
    /// Of subjects: `deploy/web`.
    static let subjects = CompletionKind.custom { words, _, _ in
        names(for: words) {
            try $0.streams(cluster: nil, namespace: nil, kind: nil, name: nil).filter(\.isSubject).map(\.shortName)
        }
    }

    /// Of rollouts: `deploy/web@3`.
    static let rollouts = CompletionKind.custom { words, _, _ in
        names(for: words) { try $0.rollouts(RolloutQuery(limit: 1000)).map(\.name) }
    }

    /// Where there is no ledger to read there is nothing to offer; the command itself will say why.
    private static func names(for words: [String], _ list: (Ledger) throws -> [String]) -> [String] {
        var arguments = LedgerArguments()
        arguments.ledger = words.firstIndex(of: "--ledger").flatMap { words.dropFirst($0 + 1).first }
        guard let ledger = try? arguments.open(in: .ofProcess()), let names = try? list(ledger) else { return [] }
        return Set(names).sorted()
    }
}
