import RolloutModel

/// What is known of a cluster when something is decided.
package struct Sight: Hashable, Sendable {
    /// The states of the subjects of a run.
    package var states: [StreamName: SubjectState]
    /// By the cluster's clock.
    package var now: Timestamp
    /// Since when somebody has been at work on the run without a break; `nil` if from its beginning.
    package var attendedSince: Timestamp?

    /// The HTTPRoute of a run as it is; `nil` if there is none.
    package var route: JSONValue?

    package init(states: [StreamName: SubjectState], now: Timestamp, attendedSince: Timestamp? = nil) {
        self.states = states
        self.now = now
        self.attendedSince = attendedSince
    }

    /// A Deployment that lives; `nil` if there is none of that name.
    func deployment(_ name: String) -> DeploymentState? {
        for case .deployment(let state) in states.values where state.stream.name == name {
            return state.uid != nil && !state.isDeleted ? state : nil
        }
        return nil
    }

    /// The UIDs of the pods of a Deployment, ready or not.
    func pods(of deployment: String) -> Set<String> {
        Set((self.deployment(deployment)?.pods ?? [:]).values.map(\.uid))
    }

    /// A Service that lives; `nil` if there is none of that name.
    func service(_ name: String) -> ServiceState? {
        for case .service(let state) in states.values where state.stream.name == name {
            return state.uid != nil && !state.isDeleted ? state : nil
        }
        return nil
    }
}
