import RolloutModel

/// Makes plans of what was recorded: a function of the history.
///
/// Who caused what: an event that a run of Shipslog was the cause of was caused by it; a change of what is wanted was
/// somebody's act; a pod of a controller that goes although its ReplicaSet wants as many as before was deleted by somebody;
/// all else is the cluster's answer.
package struct ReplayPlanner<History: RecordedHistory> {
    private let history: History
    private let describe: @Sendable (Fact) -> String

    /// - Parameter describe: Says an action in words.
    package init(_ history: History, describe: @escaping @Sendable (Fact) -> String) {
        self.history = history
        self.describe = describe
    }

    /// The plan of a span.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if nobody did anything in it; what the history throws.
    package func plan(_ span: ReplaySpan) async throws -> ReplayPlan {
        let subjects = try await subjects(of: span)
        let start = try await start(of: span, subjects)
        let after = span.through.rawValue.addingReportingOverflow(aftermathLength)
        let all = try await history.events(
            of: subjects, after: start, through: after.overflow ? span.through : Position(rawValue: after.partialValue)
        ).map { try $0.withFact() }
        let events = all.filter { $0.position <= span.through }
        var draft = PlanDraft(span: span, clock: try RecordedClock(all), describe: describe)
        for subject in subjects {
            let numbered = try await history.state(of: subject, at: span.through).numberedRevisions
            draft.revisions[subject] = Dictionary(numbered) { first, _ in first }
        }
        let begin = events.first.map { draft.clock.time(of: $0) } ?? Timestamp(microseconds: 0)
        draft.begin(at: begin)
        for subject in subjects { try draft.begin(with: await history.state(of: subject, at: start), of: subject) }
        draft.beginReading()
        for event in events { try draft.take(event) }
        for event in all.dropFirst(events.count) where try !draft.takeAftermath(event) { break }
        let gaps = try await gaps(in: span, subjects)
        return try draft.finish(gaps: gaps)
    }

    // MARK: What belongs to it

    /// The subjects of a span, the Services over them, and the Deployments beside them under the same Services.
    private func subjects(of span: ReplaySpan) async throws -> [StreamName] {
        var subjects = Set(span.subjects)
        for namespace in Set(span.subjects.map { [$0.cluster, $0.namespace] }) {
            let streams = try await history.streams(cluster: namespace[0], namespace: namespace[1])
            var selectors: [StreamName: [[String: String]]] = [:]
            var labels: [StreamName: [[String: String]]] = [:]
            for stream in streams {
                for position in [span.after, span.through] {
                    switch try await history.state(of: stream, at: position) {
                    case .deployment(let state) where state.uid != nil:
                        labels[stream, default: []].append(Template.labels(state.template))
                    case .service(let state) where state.uid != nil:
                        selectors[stream, default: []].append(state.selector)
                    default: break
                    }
                }
            }
            func isOver(_ service: StreamName, _ deployment: StreamName) -> Bool {
                (selectors[service] ?? []).contains { (labels[deployment] ?? []).contains(where: $0.selects) }
            }
            let services = selectors.keys.filter { service in
                subjects.contains(service) || subjects.contains { isOver(service, $0) }
            }
            subjects.formUnion(services)
            subjects.formUnion(labels.keys.filter { deployment in services.contains { isOver($0, deployment) } })
        }
        return subjects.sorted()
    }

    /// The newest position at or before the span's beginning at which all subjects are at rest.
    private func start(of span: ReplaySpan, _ subjects: [StreamName]) async throws -> Position {
        var start = span.after
        var rollouts: [StreamName: [Rollout]] = [:]
        for subject in subjects { rollouts[subject] = try await history.rollouts(of: subject) }
        while start > 0 {
            var earlier = start
            for subject in subjects where try await !history.state(of: subject, at: start).isAtRest {
                // Without an earlier rollout it was made in unrest: then it is made again.
                let previous = rollouts[subject]?.last { $0.firstPosition <= start }?.firstPosition.rawValue ?? 1
                earlier = min(earlier, Position(rawValue: previous - 1))
            }
            if earlier == start { break }
            start = earlier
        }
        return start
    }

    private func gaps(in span: ReplaySpan, _ subjects: [StreamName]) async throws -> [RecordingGap] {
        var gaps: [RecordingGap] = []
        for namespace in Set(subjects.map { [$0.cluster, $0.namespace] }) {
            let recordings = try await history.streams(cluster: namespace[0], namespace: namespace[1])
                .filter { $0.kind == "recording" }
            guard !recordings.isEmpty else { continue }
            for event in try await history.events(of: recordings, after: span.after, through: span.through) {
                if case .recordingGap(let gap) = try event.event.fact() { gaps.append(gap) }
            }
        }
        return gaps
    }
}

/// How many events of the log after a span may tell of what was still under way at its end.
private let aftermathLength: Int64 = 500

extension SubjectState {
    /// Whether it is as somebody wants it, and nothing is under way.
    fileprivate var isAtRest: Bool {
        switch self {
        case .deployment(let state):
            guard state.uid != nil, !state.isDeleted else { return state.pods.isEmpty }
            return state.rollout?.outcome != .running && !state.paused && state.pods.count == state.desired
                && state.pods.values.allSatisfy {
                    $0.ready && !$0.terminating && state.revision(of: $0) == state.rollout?.revision
                }
        case .service: return true
        case .pod(let state): return state.pod.map { $0.ready && !$0.terminating } ?? true
        case .none: return true
        }
    }

    /// The digests of its templates with their numbers.
    fileprivate var numberedRevisions: [(String, Int)] {
        switch self {
        case .deployment(let state): state.revisions.enumerated().map { ($1.digest, $0 + 1) }
        case .pod(let state): state.revisions.enumerated().map { ($1.digest, $0 + 1) }
        case .service, .none: []
        }
    }
}
