/// What holds of a pod from one moment of its life to the next.
package struct PodMoment: Hashable, Sendable {
    /// When it begins.
    package var since: Timestamp
    package var phase = Phase.pending
    /// When a node was found; `nil`: none yet.
    package var scheduledAt: Timestamp?
    /// Why no node was found.
    package var unschedulableMessage: String?
    /// When the kubelet first tried to start the containers.
    package var firstTriedAt: Timestamp?
    package var container = Container.waiting(.containerCreating)
    /// How the run before this one ended.
    package var lastTermination: Termination?
    package var restartCount = 0
    package var isReady = false
    /// Since when it is as ready as it is.
    package var readyChangedAt: Timestamp
    /// Whether the pod is now to be removed: nothing comes after.
    package var isGone = false

    package init(since: Timestamp) {
        self.since = since
        readyChangedAt = since
    }

    /// Where a pod is in its life.
    package enum Phase: String, Sendable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"

        /// Whether its containers ended for good.
        package var isTerminal: Bool { self == .succeeded || self == .failed }
    }

    /// The state of the containers that the behaviour is for.
    package enum Container: Hashable, Sendable {
        case waiting(Waiting)
        case running(since: Timestamp)
        case terminated(Termination)
    }

    /// Why a container does not run.
    package enum Waiting: Hashable, Sendable {
        case containerCreating
        case errImagePull(message: String)
        case imagePullBackOff
        case crashLoopBackOff(microseconds: Int64)
        /// Any reason, in the words that a cluster once gave it.
        case other(reason: String, message: String?)
    }

    /// How a run ended.
    package struct Termination: Hashable, Sendable {
        package var code: Int
        package var reason: String
        package var startedAt: Timestamp
        package var finishedAt: Timestamp
    }
}
