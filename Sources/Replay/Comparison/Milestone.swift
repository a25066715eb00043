import RolloutModel

/// Something that came to pass in a run and can be found again in another: said of roles and counts, never of names.
package struct Milestone: Hashable, Sendable {
    package var namespace: String
    /// What it is about: `deploy/web r3 #1`, `deploy/web r3 size`, `svc/cart`.
    ///
    /// Of each, milestones have an order.
    package var about: String
    /// What came to pass: `waiting: ImagePullBackOff`.
    package var what: String
    /// When, by the clock of its run.
    package var at: Timestamp
    /// Where the ledger of its run has it; 0 if it was not read from one.
    package var position: Position

    package init(namespace: String, about: String, what: String, at: Timestamp, position: Position) {
        self.namespace = namespace
        self.about = about
        self.what = what
        self.at = at
        self.position = position
    }

    /// Whether it tells how a rollout ended.
    package var isOutcome: Bool { about.contains(Self.outcomeMark) }

    /// How many pods a ReplicaSet is to have; `nil` if something else came to pass.
    var size: Int? { about.hasSuffix(Self.sizeMark) ? Int(what) : nil }

    /// What ``about`` of a size ends with.
    static let sizeMark = " size"

    /// What stands in ``about`` of an outcome between the subject and what the rollout brings.
    static let outcomeMark = " rollout to "
}
