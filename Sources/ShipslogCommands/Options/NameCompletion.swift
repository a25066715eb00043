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

    /// Of subjects and HTTPRoutes: `httproute/web`.
    static let subjectsAndRoutes = CompletionKind.custom { words, _, _ in
        names(for: words) {
            try $0.streams(cluster: nil, namespace: nil, kind: nil, name: nil).filter(\.isSubjectOrRoute)
                .map(\.shortName)
        }
    }

    /// Of rollouts: `deploy/web@3`.
    static let rollouts = CompletionKind.custom { words, _, _ in
        names(for: words) { try $0.rollouts(RolloutQuery(limit: 1000)).map(\.name) }
    }

    /// Where there is no ledger to read there is nothing to offer; the command itself will say why.
    static func names(
        for words: [String], in context: CommandContext = .ofProcess(), _ list: (Ledger) throws -> [String]
    ) -> [String] {
        var arguments = LedgerArguments()
        func value(of option: String) -> String? {
            words.firstIndex(of: option).flatMap { words.dropFirst($0 + 1).first }
        }
        arguments.ledger = value(of: "--ledger")
        arguments.bundle = value(of: "--bundle")
        guard let ledger = try? arguments.open(in: context), let names = try? list(ledger) else { return [] }
        return Set(names).sorted()
    }
}
