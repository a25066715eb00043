import RolloutModel

/// What the verification of a ledger found, layer by layer.
public struct VerificationReport: Hashable, Sendable {
    /// The layers, from the lowest: each rests on the ones before it.
    public var layers: [Layer]
    /// The head as the events give it.
    public var computedHead: Head?

    /// What was found of a file that is too damaged to be opened: nothing, for the reason given.
    public static func unreadable(_ reason: String) -> VerificationReport {
        VerificationReport(
            layers: Kind.allCases.map { kind in
                let message = kind == .pages ? reason : "It cannot be read."
                return Layer(kind: kind, summary: "not readable", problem: Problem(position: nil, message: message))
            })
    }

    /// Whether every layer is sound.
    public var isSound: Bool { layers.allSatisfy { $0.problem == nil } }

    /// The lowest position that a problem was found at; `nil` if there is none, or it has no position.
    public var firstBadPosition: Position? { layers.compactMap { $0.problem?.position }.min() }

    /// The outcome for one layer.
    public struct Layer: Hashable, Sendable {
        /// Which layer it is.
        public var kind: Kind
        /// What was looked at, in words: `1234 events, 5 tiles`.
        public var summary: String
        /// The first thing that is wrong; `nil` if the layer is sound.
        public var problem: Problem?
    }

    /// A layer of a ledger.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The pages of the file are a well-formed SQLite database with the schema of a ledger.
        case pages
        /// Every event is what its leaf says, positions and versions are gapless, and the tiles of the tree fit.
        case events
        /// The head is the root of the tree, and the tree goes on from a head remembered outside the file.
        case head
        /// The projections are the fold of the events.
        case projections
    }

    /// Something that is not as it must be.
    public struct Problem: Hashable, Sendable {
        /// The first position that it concerns; `nil` if it is not about an event.
        public var position: Position?
        /// One sentence.
        public var message: String
    }
}

/// How far a long operation has come.
public struct LedgerProgress: Hashable, Sendable {
    /// The number of events that were dealt with.
    public var done: Int64
    /// The number of events there are to deal with.
    public var total: Int64
}
