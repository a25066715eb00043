import RolloutModel

/// What a run is about, as a tree: the subject, its revisions, and their pods with readiness and reasons.
struct RunTree {
    /// How many pods of a revision are shown one by one.
    static let podLimit = 12

    /// A line and what hangs below it.
    private struct Node {
        var line: StyledText
        var children: [Node] = []

        func lines(_ first: String, _ rest: String) -> [StyledText] {
            var lines = [StyledText(first, .faint) + line]
            for (index, child) in children.enumerated() {
                let isLast = index == children.count - 1
                lines += child.lines(rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  "))
            }
            return lines
        }
    }

    /// The tree, line by line.
    ///
    /// - Parameter states: In the order in which they are shown; who does not exist is left out.
    static func lines(of states: [(stream: StreamName, state: SubjectState)]) -> [StyledText] {
        states.compactMap { stream, state in
            switch state {
            case .deployment(let state): node(state)
            case .service(let state): node(state)
            case .pod(let state): state.pod.map { Node(line: line($0, name: stream.shortName)) }
            case .none: nil
            }
        }.flatMap { $0.lines("", "") }
    }

    private static func node(_ state: DeploymentState) -> Node? {
        guard state.uid != nil, !state.isDeleted else { return nil }
        let paused = state.paused ? ", paused" : ""
        let ready = state.status.ready
        let revisions = Dictionary(grouping: state.podItems, by: { $0.revision })
        let children = revisions.sorted { ($0.key ?? 0) > ($1.key ?? 0) }.map { number, pods in
            node(number, state, pods.map(\.pod))
        }
        return Node(
            line:
                "\(state.stream.shortName, .strong)  \("\(ready)/\(state.desired) ready", ready < state.desired ? .waiting : .good)\(paused)",
            children: children)
    }

    /// A revision of a Deployment: those of its pods that are not well come first.
    private static func node(_ number: Int?, _ state: DeploymentState, _ pods: [PodState]) -> Node {
        let name = number.map { "r\($0) \(ImageText.list(state.revisions[$0 - 1].images))" } ?? "r?"
        let shown = pods.filter { !$0.ready } + pods.filter(\.ready)
        var children = shown.prefix(podLimit).map { Node(line: line($0, name: $0.name)) }
        let rest = shown.dropFirst(podLimit)
        if !rest.isEmpty {
            let ready = rest.count(where: \.ready)
            children.append(Node(line: StyledText("and \(rest.count) more, \(ready) of them ready", .faint)))
        }
        return Node(line: "\(name)  \("\(pods.count(where: \.ready))/\(pods.count)", .faint)", children: children)
    }

    private static func node(_ state: ServiceState) -> Node? {
        guard state.uid != nil, !state.isDeleted else { return nil }
        let ready = state.endpoints.count(where: \.ready)
        return Node(
            line:
                "\(state.stream.shortName, .strong)  \(ImageText.labels(state.selector))  \("\(Plural.of(ready, "ready endpoint"))", ready == 0 ? .bad : .good)"
        )
    }

    private static func line(_ pod: PodState, name: String) -> StyledText {
        let restarts = pod.restarts > 0 ? "  \(Plural.of(pod.restarts, "restart"))" : ""
        guard let reason = pod.reason else {
            return "\(name)  \(pod.ready ? "ready" : pod.phase, pod.ready ? .good : .waiting)\(restarts)"
        }
        let message = pod.stuck.values.first { $0.reason == reason }?.message.map { ": \($0)" } ?? ""
        return "\(name)  \(reason + message, pod.terminating ? .faint : .bad)\(restarts)"
    }
}
