import RolloutModel

/// What tells the objects that a replay made on a real cluster from all others.
///
/// They carry it from the request on that makes them, so that nothing is left behind unmarked, whenever the replay dies.
package struct ReplayMark: Hashable, Sendable {
    /// Tells the replay from all others; five letters and digits.
    package let id: String
    /// What is replayed: `deploy/web@3`.
    package let name: String

    /// The label by which they are found, and its value.
    package static let label = (key: "shipslog/made-for", value: "replay")
    private static let idAnnotation = "shipslog/replay"
    private static let nameAnnotation = "shipslog/replay-of"
    /// Who makes them, as the API server notes it.
    private static let manager = "shipslog"

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// A mark for a new replay.
    package init(for plan: ReplayPlan, using generator: inout some RandomNumberGenerator) {
        // As in the names that Kubernetes generates: nothing that reads as a word.
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        let id = (0..<5).map { _ in letters[Int.random(in: letters.indices, using: &generator)] }
        self.init(id: String(id), name: plan.name)
    }

    package var labels: [String: String] { [Self.label.key: Self.label.value] }

    package var annotations: [String: String] { [Self.idAnnotation: id, Self.nameAnnotation: name] }

    /// The object with the mark.
    package func on(_ object: JSONValue) -> JSONValue { object.marked(labels: labels, annotations: annotations) }

    /// The mark that a replay put on an object of a cluster; `nil` if none did.
    ///
    /// Anybody may copy a label. Whose it is, the API server itself notes.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>
    package init?(of object: JSONValue) {
        let metadata = object["metadata"]
        guard metadata?["labels"]?[Self.label.key]?.string == Self.label.value,
            let id = metadata?["annotations"]?[Self.idAnnotation]?.string,
            let managers = metadata?["managedFields"]?.array
        else { return nil }
        let isOurs = managers.contains { entry in
            entry["manager"]?.string == Self.manager
                && entry["fieldsV1"]?["f:metadata"]?["f:labels"]?["f:\(Self.label.key)"] != nil
        }
        guard isOurs else { return nil }
        self.init(id: id, name: metadata?["annotations"]?[Self.nameAnnotation]?.string ?? "")
    }
}
