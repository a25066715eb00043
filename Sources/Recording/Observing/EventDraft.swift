import RolloutModel

/// What all events that are read off one version of an object have in common.
struct EventDraft {
    let stream: StreamName
    let version: ObjectVersion
    let origin: Origin
    /// When a fact became so whose date the object does not tell.
    let now: Timestamp
    var isInferred = false

    init(stream: StreamName, version: ObjectVersion, origin: Origin, now: Timestamp) {
        self.stream = stream
        self.version = version
        self.origin = origin
        self.now = now
    }

    /// The event of a fact.
    ///
    /// Its id is derived from the object's version, the type of the fact, the facet and the stream.
    func event(_ fact: Fact, key: String = "", at time: Timestamp?, manager: String? = nil) throws -> Event {
        try Event(
            id: .derived(from: [version.uid, version.resourceVersion, fact.type.rawValue, key, stream.description]),
            stream: stream, fact: fact, occurredAt: time ?? now,
            actor: manager.map { Actor(name: $0, evidence: .fieldManager) }, origin: origin,
            isInferred: isInferred
        )
    }
}
