import RolloutModel

/// A revision with the rollouts that brought it, as `history` answers with it.
struct RevisionItem: Printable {
    var revision: Revision
    /// Those that rolled it out, the oldest first.
    var rollouts: [Rollout]

    /// What people wrote down about these, the oldest first.
    var notes: [Note]

    private var first: Rollout? { rollouts.first { $0.number == revision.rollout } ?? rollouts.first }

    var namespace: String { revision.stream.namespace }
    var name: String { first?.name ?? revision.stream.shortName }

    static func columns(_ style: TextStyle) -> [Column<RevisionItem>] {
        [
            Column("SUBJECT") { StyledText($0.revision.stream.shortName) },
            Column("REVISION") { StyledText("\($0.revision.number)") },
            Column("CREATED") { style.moment($0.revision.createdAt) },
            Column("IMAGES") { StyledText($0.contentText) },
            Column("ROLLOUTS") { item in
                StyledText(
                    item.rollouts.isEmpty ? "<none>" : item.rollouts.map { "@\($0.number)" }.joined(separator: ","))
            },
            Column("BY") { StyledText($0.first?.actor?.text ?? "<unknown>") },
            Column("OUTCOME") { item in item.first.map { StyledText($0.outcome.rawValue, $0.outcome.tone) } ?? "<none>"
            },
            Column("KUBERNETES") { StyledText($0.revision.replicaSet?.kubernetesRevision.map { "\($0)" } ?? "<none>") },
            Column("REPLICASET", isWide: true) { StyledText($0.revision.replicaSet?.name ?? "<none>") },
            Column("CHANGE-CAUSE") { StyledText($0.first?.changeCause ?? "<none>") },
            Column("NOTES") { item in
                StyledText(item.notes.isEmpty ? "<none>" : item.notes.map(\.text).joined(separator: "; "))
            },
        ]
    }

    private var contentText: String {
        if let selector = revision.template["selector"]?.strings { return ImageText.labels(selector) }
        return ImageText.list(revision.images)
    }

    var document: JSONValue {
        let replicaSet = revision.replicaSet.map { replicaSet -> JSONValue in
            .object([
                "kubernetesRevision": .whole(replicaSet.kubernetesRevision),
                "name": .string(replicaSet.name),
                "templateHash": .text(replicaSet.templateHash),
                "uid": .string(replicaSet.uid),
            ])
        }
        return .object([
            "actor": .actor(first?.actor),
            "changeCause": .text(first?.changeCause),
            "cluster": .string(revision.stream.cluster),
            "createdAt": .time(revision.createdAt),
            "digest": .string(revision.digest),
            "images": .texts(revision.images),
            "kubernetesRevision": .whole(revision.replicaSet?.kubernetesRevision),
            "namespace": .string(revision.stream.namespace),
            "notes": .array(notes.map(\.document)),
            "number": .whole(revision.number),
            "outcome": .text(first?.outcome.rawValue),
            "replicaSet": replicaSet ?? .null,
            "rollout": .whole(revision.rollout),
            "rollouts": .array(rollouts.map { .whole($0.number) }),
            "subject": .string(revision.stream.subject),
            "template": revision.template,
        ])
    }
}
