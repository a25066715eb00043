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
        let size = try ledger.end()
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

    /// Subjects with the Services over them.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.state`.
    func items(of streams: [StreamName]) throws -> [StateItem] {
        var servicesInPlace: [Place: [ServiceState]] = [:]
        return try streams.map { stream in
            let place = Place(of: stream)
            let services = try servicesInPlace[place] ?? services(in: place)
            servicesInPlace[place] = services
            return try item(of: stream, among: services)
        }
    }

    /// A subject with the Services over it.
    ///
    /// - Throws: ``ShipslogError`` as `Ledger.state`.
    func item(of stream: StreamName) throws -> StateItem {
        try item(of: stream, among: services(in: Place(of: stream)))
    }

    private func item(of stream: StreamName, among services: [ServiceState]) throws -> StateItem {
        let state = try ledger.state(of: stream, at: moment)
        let over: [ServiceOverItem] =
            switch state {
            case .deployment(let state):
                ServiceOverItem.over(
                    labels: Template.labels(state.template), pods: Array(state.pods.values), among: services)
            case .pod(let state):
                ServiceOverItem.over(
                    labels: state.pod?.labels ?? [:], pods: state.pod.map { [$0] } ?? [], among: services)
            case .service, .none: []
            }
        return StateItem(stream: stream, state: state, services: over, position: position, time: time)
    }

    private func services(in place: Place) throws -> [ServiceState] {
        try ledger.streams(cluster: place.cluster, namespace: place.namespace, kind: "service", name: nil).sorted()
            .compactMap { name in
                guard case .service(let service) = try ledger.state(of: name, at: moment) else { return nil }
                return service
            }
    }
}
