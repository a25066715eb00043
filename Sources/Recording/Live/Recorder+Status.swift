import RolloutModel

extension Recorder {
    /// What a recorder is doing.
    public struct Status: Hashable, Sendable {
        /// Events handed on to be appended, those included that the ledger knew already.
        public var events = 0
        /// Objects that are known to live.
        public var objects = 0
        /// Gaps so far.
        public var gaps = 0
        /// How many sources tell what happens as it happens, after all that there was.
        public var live = 0
        /// When the last event was appended.
        public var lastEventAt: Timestamp?
        /// Microseconds from the moment an object came until its events were on disk: the longest since it was asked.
        public var longestLag: Int64 = 0
        /// What keeps it from recording, in a sentence; `nil` if nothing does.
        public var trouble: String?
        /// What could not be read or recorded since it was asked, a sentence each; there is a gap for it in the ledger.
        public var warnings: [String] = []
    }
}
