import RolloutModel

/// One side of an object that can change by itself, as one version of the object shows it.
///
/// Comparing facets is how the observer finds out what happened: a facet whose value differs from the one seen last is an
/// event. What the event says is the facet's fact, which speaks of this version alone.
struct Facet: Sendable {
    /// Names the facet within its object: `template`, `container/nginx`.
    let key: String
    /// What is compared.
    ///
    /// The parts of the fact that may differ without anything having happened are left out.
    let value: [String]
    /// What to record when the value has changed.
    let fact: Fact
    /// When it became so, if the object says; else the clock decides.
    var since: Timestamp?
    /// Whether the fact of the object's creation says it too, so that it need not be said again at first sight.
    var isToldByCreation = false
    /// Whether it goes without saying when the object shows the facet for the first time.
    var isDefault = false
    /// The field of the spec that says it, if somebody wanted it so, rather than the cluster answering.
    var specField: String?
}

/// An object as the observer sees it: its creation, its facets in the order in which they are to be recorded.
struct ObservedObject: Sendable {
    var version: ObjectVersion
    var metadata: ObjectMeta
    var created: Fact?
    /// Since when the object is as the fact of its creation says; `nil` if it was changed since it was made.
    var createdAt: Timestamp?
    var facets: [Facet]
    /// The object to whose history it belongs; `nil` if it has a history of its own.
    var owner: Owner?

    /// Whether it has a history of its own: a Deployment, a Service, an HTTPRoute or a bare pod.
    var isSubject: Bool {
        switch version.kind {
        case "Deployment", "Service", "HTTPRoute": true
        case "Pod": owner == nil
        default: false
        }
    }
}

extension ObjectMeta {
    func version(kind: String) -> ObjectVersion {
        ObjectVersion(
            kind: kind, namespace: namespace ?? "default", name: name, uid: uid, resourceVersion: resourceVersion
        )
    }

    /// The labels; that there are none goes without saying.
    func labelsFacet(_ fact: ([String: String]) -> Fact) -> Facet {
        let labels = labels ?? [:]
        return Facet(
            key: "labels", value: labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }, fact: fact(labels),
            isDefault: labels.isEmpty
        )
    }
}

extension String {
    /// A text for comparison that tells an absent value from an empty one.
    init(comparing value: (some CustomStringConvertible)?) { self = value.map { "=\($0)" } ?? "" }
}
