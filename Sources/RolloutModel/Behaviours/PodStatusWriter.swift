import Crypto
import Foundation

/// Writes the moments of one pod's life as the kubelet would: as its `status`.
package struct PodStatusWriter: Sendable {
    private let pod: String
    private let containers: [ContainerImage]
    /// Which of the containers live as the behaviour says.
    private let behaves: [Bool]
    private let imageIDs: [String]
    private let hostIP: String
    private let podIP: String

    /// - Parameters:
    ///   - pod: `name_namespace(uid)`, as the kubelet names a pod in its messages.
    ///   - containers: In the order of the spec.
    ///   - images: ``PodLife/images``.
    ///   - hostIP: The address of the node.
    ///   - podIP: The address that the pod has once its containers were tried.
    package init(pod: String, containers: [ContainerImage], images: Pattern?, hostIP: String, podIP: String) {
        self.pod = pod
        self.containers = containers
        behaves = containers.map { images?.matches($0.image) ?? true }
        imageIDs = containers.map { "sha256:\(Self.digest(of: $0.image))" }
        self.hostIP = hostIP
        self.podIP = podIP
    }

    private static func digest(of text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Each start is another container.
    private func containerID(_ index: Int, start: Int) -> String {
        "pretend://\(Self.digest(of: "\(pod)/\(containers[index].name)/\(start)"))"
    }

    /// The status of a moment: what the kubelet and the scheduler own of it, whole.
    package func status(of moment: PodMoment) -> Pod.Status {
        guard let scheduledAt = moment.scheduledAt else {
            let condition = Condition(
                type: "PodScheduled", status: "False",
                reason: moment.unschedulableMessage == nil ? nil : "Unschedulable",
                message: moment.unschedulableMessage, lastTransitionTime: moment.since
            )
            return Pod.Status(
                phase: moment.phase.rawValue, conditions: moment.unschedulableMessage == nil ? [] : [condition]
            )
        }
        let statuses = containers.indices.map { containerStatus($0, moment) }
        return Pod.Status(
            phase: moment.phase.rawValue, conditions: conditions(of: moment, scheduledAt: scheduledAt, statuses),
            hostIP: hostIP, podIP: moment.firstTriedAt == nil ? nil : podIP, startTime: scheduledAt,
            containerStatuses: statuses
        )
    }

    private func conditions(
        of moment: PodMoment, scheduledAt: Timestamp, _ statuses: [Pod.ContainerStatus]
    ) -> [Condition] {
        let unready = statuses.filter { $0.ready != true }.map(\.name)
        let isCompleted = moment.phase == .succeeded
        func readiness(_ type: String) -> Condition {
            Condition(
                type: type, status: unready.isEmpty ? "True" : "False",
                reason: unready.isEmpty ? nil : isCompleted ? "PodCompleted" : "ContainersNotReady",
                message: unready.isEmpty || isCompleted
                    ? nil : "containers with unready status: [\(unready.joined(separator: " "))]",
                lastTransitionTime: moment.readyChangedAt
            )
        }
        return [
            Condition(type: "Initialized", status: "True", lastTransitionTime: scheduledAt),
            readiness("Ready"), readiness("ContainersReady"),
            Condition(type: "PodScheduled", status: "True", lastTransitionTime: scheduledAt),
        ]
    }

    private func containerStatus(_ index: Int, _ moment: PodMoment) -> Pod.ContainerStatus {
        let container = containers[index]
        guard behaves[index] else { return bystanderStatus(index, moment) }
        let last: PodMoment.Termination?
        if case .terminated = moment.container { last = nil } else { last = moment.lastTermination }
        let isRunning = if case .running = moment.container { true } else { false }
        let hasRun = isRunning || moment.lastTermination != nil
        return Pod.ContainerStatus(
            name: container.name, image: container.image, imageID: hasRun ? imageIDs[index] : "",
            restartCount: moment.restartCount, ready: moment.isReady, started: isRunning,
            containerID: hasRun ? containerID(index, start: moment.restartCount) : nil,
            state: state(moment.container, of: container),
            lastState: last.map { .init(terminated: Self.terminated($0)) }
        )
    }

    /// A container that the behaviour is not for runs from the first try on, until all do not.
    private func bystanderStatus(_ index: Int, _ moment: PodMoment) -> Pod.ContainerStatus {
        var state = Pod.ContainerStatus.State(waiting: .init(reason: "ContainerCreating"))
        var isReady = false
        if let startedAt = moment.firstTriedAt {
            state = .init(running: .init(startedAt: startedAt))
            isReady = true
            if moment.isGone || moment.phase.isTerminal {
                state = .init(
                    terminated: .init(
                        reason: "Completed", exitCode: 0, startedAt: startedAt, finishedAt: moment.since))
                isReady = false
            }
        }
        let hasRun = moment.firstTriedAt != nil
        return Pod.ContainerStatus(
            name: containers[index].name, image: containers[index].image, imageID: hasRun ? imageIDs[index] : "",
            restartCount: 0, ready: isReady, started: isReady,
            containerID: hasRun ? containerID(index, start: 0) : nil, state: state
        )
    }

    private func state(_ state: PodMoment.Container, of container: ContainerImage) -> Pod.ContainerStatus.State {
        switch state {
        case .running(let since): .init(running: .init(startedAt: since))
        case .terminated(let termination): .init(terminated: Self.terminated(termination))
        case .waiting(.containerCreating): .init(waiting: .init(reason: "ContainerCreating"))
        case .waiting(.errImagePull(let message)): .init(waiting: .init(reason: "ErrImagePull", message: message))
        case .waiting(.imagePullBackOff):
            .init(
                waiting: .init(
                    reason: "ImagePullBackOff", message: "Back-off pulling image \"\(container.image)\""))
        case .waiting(.other(let reason, let message)): .init(waiting: .init(reason: reason, message: message))
        case .waiting(.crashLoopBackOff(let microseconds)):
            .init(
                waiting: .init(
                    reason: "CrashLoopBackOff",
                    message: "back-off \(DurationText.format(.microseconds(microseconds))) "
                        + "restarting failed container=\(container.name) pod=\(pod)"
                ))
        }
    }

    private static func terminated(_ termination: PodMoment.Termination) -> Pod.ContainerStatus.Terminated {
        .init(
            reason: termination.reason, exitCode: termination.code, startedAt: termination.startedAt,
            finishedAt: termination.finishedAt
        )
    }
}
