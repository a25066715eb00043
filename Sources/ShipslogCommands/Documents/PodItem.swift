import RolloutModel

/// A pod as `state` and `show` answer with it.
struct PodItem: Printable {
    var pod: PodState
    /// The number of the revision it is of; `nil` if that is not known.
    var revision: Int?
    var namespace: String

    var name: String { "pod/\(pod.name)" }

    static func columns(_ style: TextStyle) -> [Column<PodItem>] {
        [
            Column("NAME") { StyledText($0.pod.name) },
            Column("READY") { StyledText($0.pod.ready ? "yes" : "no", $0.pod.ready ? .good : .plain) },
            Column("STATUS") { $0.status },
            Column("RESTARTS") { StyledText("\($0.pod.restarts)") },
            Column("REVISION") { StyledText($0.revision.map { "\($0)" } ?? "<unknown>") },
            Column("NODE", isWide: true) { StyledText($0.pod.node ?? "<none>") },
            Column("IMAGE") { StyledText(ImageText.list($0.pod.containers.map(\.image))) },
        ]
    }

    private var status: StyledText {
        guard let reason = pod.reason else { return StyledText(pod.phase) }
        return StyledText(reason, pod.terminating || reason == "ContainerCreating" ? .waiting : .bad)
    }

    var document: JSONValue {
        .object([
            "image": .text(pod.containers.first?.image),
            "images": .texts(pod.containers.map(\.image)),
            "labels": .labels(pod.labels),
            "name": .string(pod.name),
            "node": .text(pod.node),
            "phase": .string(pod.phase),
            "ready": .bool(pod.ready),
            "reason": .text(pod.reason),
            "restarts": .whole(pod.restarts),
            "revision": .whole(revision),
            "terminating": .bool(pod.terminating),
            "uid": .string(pod.uid),
        ])
    }
}

extension DeploymentState {
    /// The pods that are not gone, by name.
    var podItems: [PodItem] {
        pods.values.sorted { $0.name < $1.name }.map { pod in
            PodItem(
                pod: pod, revision: pod.owner.flatMap { replicaSets[$0.uid]?.revision }, namespace: stream.namespace)
        }
    }
}
