import Foundation

/// What an event says: one case for each type of the catalogue.
///
/// A fact that was read off an object says only what that one version of the object shows, never what changed since
/// another: whoever sees the version states the same fact, whatever they saw before. What changed is for the folds.
///
/// Indirect, since many facts wait in memory, and the largest takes ten times the space of the common ones.
///
/// - SeeAlso: `schema/events`, one JSON Schema for each type.
public indirect enum Fact: Hashable, Sendable {
    case deploymentCreated(DeploymentCreated)
    case deploymentTemplateChanged(DeploymentTemplateChanged)
    case deploymentScaled(DeploymentScaled)
    case deploymentStrategyChanged(DeploymentStrategyChanged)
    case deploymentPaused(DeploymentSpecMark)
    case deploymentResumed(DeploymentSpecMark)
    case deploymentChangeCauseSet(DeploymentChangeCauseSet)
    case deploymentLabelsChanged(LabelsChanged)
    case deploymentDeleted(ObjectDeleted)
    case deploymentStatusObserved(DeploymentStatusObserved)
    case deploymentConditionObserved(DeploymentConditionObserved)
    case replicaSetCreated(ReplicaSetCreated)
    case replicaSetScaled(ReplicaSetScaled)
    case replicaSetRenumbered(ReplicaSetRenumbered)
    case replicaSetDeleted(ObjectDeleted)
    case podCreated(PodCreated)
    case podImageChanged(PodImageChanged)
    case podLabelsChanged(LabelsChanged)
    case podOwnerChanged(PodOwnerChanged)
    case podScheduled(PodScheduled)
    case podUnschedulable(PodUnschedulable)
    case podPhaseObserved(PodPhaseObserved)
    case podReadinessObserved(PodReadinessObserved)
    case podContainerWaiting(PodContainerWaiting)
    case podContainerStarted(PodContainerStarted)
    case podContainerTerminated(PodContainerTerminated)
    case podContainerRestarted(PodContainerRestarted)
    case podTerminating(PodTerminating)
    case podDeleted(ObjectDeleted)
    case serviceCreated(ServiceCreated)
    case serviceSelectorSwitched(ServiceSelectorSwitched)
    case serviceLabelsChanged(LabelsChanged)
    case serviceDeleted(ObjectDeleted)
    case endpointsChanged(EndpointsChanged)
    case routeCreated(RouteCreated)
    case routeWeightsChanged(RouteWeightsChanged)
    case routeLabelsChanged(LabelsChanged)
    case routeDeleted(ObjectDeleted)
    case hintObserved(HintObserved)
    case recordingGap(RecordingGap)
    case actorAttributed(ActorAttributed)
    case noteAdded(NoteAdded)
    case rolloutStarted(RolloutStarted)
    case rolloutSucceeded(RolloutTurn)
    case rolloutFailed(RolloutTurn)
    case rolloutAborted(RolloutTurn)
    case rollbackStarted(RolloutTurn)
    case rollbackCompleted(RolloutTurn)
    case rolloutStepStarted(RolloutStep)
    case rolloutStepCompleted(RolloutStep)
    case rolloutPaused(RolloutRequest)
    case rolloutResumed(RolloutRequest)
    case rolloutPromoted(RolloutPromoted)
    case rolloutAbortRequested(RolloutRequest)
    case checkCompleted(CheckCompleted)
    case callIntended(CallIntended)
    case callCompleted(CallCompleted)
    case callFailed(CallFailed)
    case replayStarted(ReplayStarted)
    case replayCompleted(ReplayCompleted)

    /// The type under which the fact is stored.
    public var type: EventType { codec.type }

    /// The payload bytes: JSON with sorted keys.
    ///
    /// - Throws: `EncodingError` if the fact holds a number that JSON has no form for.
    public func encodePayload() throws -> Data { try codec.encode(self) }

    /// Reads the payload of a stored event.
    ///
    /// - Parameter steps: How payloads of outdated versions become current ones; by default those of the catalogue.
    /// - Throws: as ``Event/fact()``.
    public init(
        type: EventType, schemaVersion: Int, payload: Data, steps: [EventType: [Upcast.Step]] = Upcast.steps
    ) throws {
        guard let codec = FactCodec.byType[type] else {
            throw ShipslogError(
                .unsupportedSchema, "The event type \(type) is not known to this version of shipslog.",
                hint: "Upgrade shipslog."
            )
        }
        guard (1...Upcast.currentVersion(of: type, steps)).contains(schemaVersion) else {
            throw ShipslogError(
                .unsupportedSchema,
                "Version \(schemaVersion) of the event type \(type) is not known to this version of shipslog.",
                hint: "Upgrade shipslog."
            )
        }
        do {
            let current = try Upcast.toCurrent(
                type: type, schemaVersion: schemaVersion, payload: payload, steps: steps)
            self = try codec.decode(current)
        } catch is DecodingError {
            throw ShipslogError(.tampered, "The payload of a \(type) event does not have the shape of its schema.")
        }
    }
}

/// Payload upcasting: from each outdated schema version of a type to the next, by pure functions.
///
/// Stored bytes never change; readers see the current shape only.
public enum Upcast {
    /// One step: the payload of version n as a payload of version n + 1.
    public typealias Step = @Sendable (JSONValue) throws -> JSONValue

    /// The steps of each type, the first from version 1 to version 2.
    ///
    /// A type that is not listed has only version 1.
    public static let steps: [EventType: [Step]] = [:]

    /// The version that the steps of a type lead to.
    static func currentVersion(of type: EventType, _ steps: [EventType: [Step]]) -> Int {
        (steps[type]?.count ?? 0) + 1
    }

    /// Brings a payload to the current version by a table of steps.
    ///
    /// - Throws: `DecodingError` if the payload is not JSON; what a step throws.
    public static func toCurrent(
        type: EventType, schemaVersion: Int, payload: Data, steps: [EventType: [Step]] = Upcast.steps
    ) throws -> Data {
        let remaining = (steps[type] ?? []).dropFirst(schemaVersion - 1)
        if remaining.isEmpty { return payload }
        let old = try CanonicalJSON.decode(JSONValue.self, from: payload)
        return try CanonicalJSON.encode(remaining.reduce(old) { try $1($0) })
    }
}

extension EventType {
    /// The schema version that new events of the type are written in.
    public var currentSchemaVersion: Int { Upcast.currentVersion(of: self, Upcast.steps) }

    /// Every type of the catalogue, in the order of their names.
    public static var all: [EventType] { FactCodec.byType.keys.sorted { $0.rawValue < $1.rawValue } }
}
