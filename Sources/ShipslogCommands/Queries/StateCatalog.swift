import EventLedger
import RolloutModel

/// Subjects as they were at one moment.
struct StateCatalog {
    private let ledger: Ledger
    private let moment: Moment
    private let position: Position?
    private let time: Timestamp?

    /// Prepares to read.
    ///
    /// - Parameter moment: `nil` for now.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the log does not reach as far as the position.
    init(ledger: Ledger, at moment: Moment?) throws {
        self.ledger = ledger
        let size = try ledger.head().size
        switch moment {
        case .time(let time):
            self.moment = .time(time)
            self.time = time
            position = nil
        case .position(let position):
            guard position <= size else {
                throw ShipslogError(.invalidArgument, "There is no position \(position): the ledger ends at \(size).")
            }
            self.moment = .position(position)
            self.position = position
            time = nil
        case .now, nil:
            // A position, so that everything is read as of the same moment while others append.
            self.moment = .position(size)
            position = size
            time = nil
        }
    }

    /// A subject with the Services over it.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.state`.
    func item(of stream: StreamName) throws -> StateItem {
        let state = try ledger.state(of: stream, at: moment)
        return StateItem(
            stream: stream, state: state, services: try services(over: state, of: stream), position: position,
            time: time
        )
    }

    private func services(over state: SubjectState, of stream: StreamName) throws -> [ServiceOverItem] {
        let labels: [String: String]
        let pods: [PodState]
        switch state {
        case .deployment(let state):
            (labels, pods) = (Template.labels(state.template), Array(state.pods.values))
        case .pod(let state):
            (labels, pods) = (state.pod?.labels ?? [:], state.pod.map { [$0] } ?? [])
        case .service, .none:
            return []
        }
        let names = try ledger.streams(cluster: stream.cluster, namespace: stream.namespace, kind: "service", name: nil)
        let services = try names.sorted().compactMap { name -> ServiceState? in
            guard case .service(let service) = try ledger.state(of: name, at: moment) else { return nil }
            return service
        }
        return ServiceOverItem.over(labels: labels, pods: pods, among: services)
    }
}
