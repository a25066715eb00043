#if Network
    import KubernetesClient
    import RolloutModel
    import Synchronization
    import Testing

    /// What a watch has told so far.
    final class WatchLog: Sendable {
        private let told = Mutex<(changes: [Change], end: (any Error)?)>(([], nil))
        private let task = Mutex<Task<Void, Never>?>(nil)

        /// Starts to ask the watch.
        init(_ watch: Watch) {
            let task = Task { [weak self] in
                do {
                    for try await change in watch { self?.told.withLock { $0.changes.append(change) } }
                } catch {
                    self?.told.withLock { $0.end = error }
                }
            }
            self.task.withLock { $0 = task }
        }

        deinit { stop() }

        /// Stops to ask.
        func stop() { task.withLock { $0?.cancel() } }

        var changes: [Change] { told.withLock { $0.changes } }
        /// All that was told but the bookmarks, which come when they like, each in a few words.
        var words: [String] { changes.compactMap(\.words) }

        /// The words without the interruptions, of which there may be many or few.
        var story: [String] { words.filter { $0 != "interrupted" && $0 != "resumed" } }

        /// The objects that are there, by name, after all that was told.
        var state: [String: KubernetesObject] {
            changes.reduce(into: [:]) { state, change in
                switch change {
                case .listing: state = [:]
                case .changed(.deleted, let object): state[object.name] = nil
                default: for object in change.objects { state[object.name] = object }
                }
            }
        }

        /// Waits until the log is as it should be, and fails if that takes too long.
        func wait(
            _ deadline: Duration = .seconds(300), sourceLocation: SourceLocation = #_sourceLocation,
            until isDone: ([String]) -> Bool
        ) async throws {
            let start = ContinuousClock.now
            while !isDone(words) {
                if let end = told.withLock({ $0.end }) { throw end }
                try #require(ContinuousClock.now - start < deadline, "told: \(words)", sourceLocation: sourceLocation)
                try await Task.sleep(for: .milliseconds(10))
            }
        }

        /// Waits for the error with which the watch ends.
        func end(_ deadline: Duration = .seconds(300)) async throws -> any Error {
            let start = ContinuousClock.now
            while true {
                if let end = told.withLock({ $0.end }) { return end }
                try #require(ContinuousClock.now - start < deadline, "told: \(words)")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    extension WatchOptions {
        /// Tries again soon, and does not give up.
        static var impatient: WatchOptions {
            var options = WatchOptions()
            options.pauses = .milliseconds(10) ... .milliseconds(200)
            options.patience = .seconds(600)
            return options
        }
    }

    extension Change {
        /// It in a few words; `nil` for a bookmark.
        var words: String? {
            switch self {
            case .gap(let gap): "gap \(gap.reason)"
            case .listing: "listing"
            case .listed(let objects): "listed \(objects.map(\.name).joined(separator: ","))"
            case .synced: "synced"
            case .changed(let kind, let object): "\(kind) \(object.name)"
            case .bookmark: nil
            case .interrupted: "interrupted"
            case .resumed: "resumed"
            }
        }

        /// The objects in it.
        var objects: [KubernetesObject] {
            switch self {
            case .listed(let objects): objects
            case .changed(_, let object): [object]
            default: []
            }
        }

        /// The version up to which the watch has told everything.
        var version: String? {
            switch self {
            case .synced(let version), .bookmark(let version): version
            case .changed(_, let object): object.resourceVersion
            default: nil
            }
        }
    }
#endif
