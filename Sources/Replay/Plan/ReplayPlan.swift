import RolloutModel

/// A recorded span as something that can be done again: what there was, what somebody did, how the pods lived, and what is
/// expected to come of it.
package struct ReplayPlan: Hashable, Sendable {
    /// What is replayed: `deploy/web@3`.
    package var name: String
    /// What the recorded cluster is called.
    package var cluster: String
    /// When the replay begins, by the clock of the recording: at a moment at which all subjects were at rest.
    package var startsAt: Timestamp
    /// From when what happens is compared; what comes before only leads there.
    package var comparedFrom: Timestamp
    /// When it ends.
    package var endsAt: Timestamp
    /// What there is at the beginning, in the order in which it is to be made.
    package var objects: [Setup]
    /// What somebody did, in the order of time.
    package var actions: [Action]
    /// How the pods live.
    package var behaviours: PodBehaviours
    /// What is expected of the cluster, in the order of time.
    package var expectations: [Milestone]
    /// What was still under way at the end and came after it: it may come of a replay or not.
    package var aftermath: [Milestone]
    /// Each subject's revisions by the digest of their templates, as the ledger numbers them.
    package var revisions: [StreamName: [String: Int]]
    /// What the recording does not tell, and what is assumed instead: a sentence each.
    package var remarks: [String]

    /// An object that is there before anything is done.
    package struct Setup: Hashable, Sendable {
        package var subject: StreamName
        /// The request that makes it.
        package var request: Request
    }

    /// Something that somebody did, at once.
    package struct Action: Hashable, Sendable {
        /// Where the ledger has it.
        package var position: Position
        package var subject: StreamName
        /// When, by the clock of the recording.
        package var at: Timestamp
        /// In words: `template changed to nginx:bad`.
        package var summary: String
        /// The requests, of which those that change the same object are made as one.
        package var requests: [Request]
        /// Of a pod that is deleted and has a controller: which one; its name is another in each run.
        package var role: PodRole?
        /// The rollouts that had ended before, and that it waits for in a replay too.
        package var waitsFor: [StreamName]
    }

    /// The namespaces that it happens in, in the order of their names.
    package var namespaces: [String] {
        Set(objects.map(\.subject.namespace) + actions.map(\.subject.namespace)).sorted()
    }

    /// How long it takes, in the recording.
    package var duration: Duration { .microseconds(endsAt.microseconds - startsAt.microseconds) }
}

/// A pod by the part that it plays, which is the same in each run: number so-and-so of a revision, in the order of creation.
package struct PodRole: Hashable, Sendable {
    package var subject: StreamName
    /// As the ledger numbers it; `nil` for a revision that the ledger does not know, and for bare pods.
    package var revision: Int?
    /// From 1, those first that were there at the beginning.
    package var ordinal: Int

    package init(subject: StreamName, revision: Int?, ordinal: Int) {
        self.subject = subject
        self.revision = revision
        self.ordinal = ordinal
    }
}
