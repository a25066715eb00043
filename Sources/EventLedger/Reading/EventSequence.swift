import RolloutModel

/// Events of a ledger in order, read page by page: memory does not grow with their number.
///
/// It ends with the events that were there when it began. A reader may take its time: no lock is held between pages.
public struct EventSequence: AsyncSequence, Sendable {
    public typealias Element = RecordedEvent
    public typealias Failure = any Error

    let reader: Reader
    let query: EventQuery

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader, query: query) }

    /// A reader's place in the sequence.
    public struct Iterator: AsyncIteratorProtocol {
        private let reader: Reader
        private var query: EventQuery
        private var isBounded = false
        private var page: ArraySlice<RecordedEvent> = []
        private var isLastPage = false

        init(reader: Reader, query: EventQuery) {
            self.reader = reader
            self.query = query
        }

        /// The next event; `nil` at the end.
        ///
        /// - Throws: `ShipslogError` with code `unavailable` or `tampered`; `CancellationError`.
        public mutating func next() async throws -> RecordedEvent? {
            if let event = page.popFirst() { return event }
            if isLastPage { return nil }
            try Task.checkCancellation()
            try readPage()
            return page.popFirst()
        }

        private mutating func readPage() throws {
            let size = Swift.min(Self.pageSize, query.limit ?? Self.pageSize)
            if !isBounded { query = try reader.bounded(query) }
            isBounded = true
            let events = try reader.page(of: query, size: size)
            isLastPage = events.count < size
            if let last = events.last {
                if query.isBackwards {
                    query.through = Position(rawValue: last.position.rawValue - 1)
                } else {
                    query.after = last.position
                }
            }
            query.limit = query.limit.map { $0 - events.count }
            if query.limit == 0 { isLastPage = true }
            page = events[...]
        }

        private static let pageSize = 256
    }
}

/// The events after a position, first those that are there, then each new one soon after it was appended, by whatever
/// process.
///
/// It ends only when its task is cancelled, with `CancellationError`.
public struct FollowSequence: AsyncSequence, Sendable {
    public typealias Element = RecordedEvent
    public typealias Failure = any Error

    let reader: Reader
    let after: Position

    /// Begins to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader, after: after) }

    /// A follower's place in the log.
    public struct Iterator: AsyncIteratorProtocol {
        private let reader: Reader
        private var position: Position
        private var events: EventSequence.Iterator
        /// The number of the file's commits before `events` began to be read; `nil` for the first time.
        private var version: Int64?

        init(reader: Reader, after: Position) {
            self.reader = reader
            position = after
            events = EventSequence.Iterator(reader: reader, query: EventQuery(after: after))
        }

        /// The next event, once there is one.
        ///
        /// - Throws: `ShipslogError` with code `unavailable` or `tampered`; `CancellationError`.
        public mutating func next() async throws -> RecordedEvent? {
            while true {
                if let event = try await events.next() {
                    position = event.position
                    return event
                }
                var newest = try reader.dataVersion()
                while newest == version {
                    try await Task.sleep(for: Self.pollingInterval)
                    newest = try reader.dataVersion()
                }
                // Taken before reading, so that an append after the reading is not missed.
                version = newest
                events = EventSequence.Iterator(reader: reader, query: EventQuery(after: position))
            }
        }

        /// SQLite counts the commits of other connections in shared memory, which costs some microseconds to look at.
        private static let pollingInterval = Duration.milliseconds(20)
    }
}
