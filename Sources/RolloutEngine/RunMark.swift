import RolloutModel

/// What a run writes on the objects that it creates, so that it knows them again.
///
/// An object of the same name that somebody else made meanwhile is none of the run's.
package enum RunMark {
    /// The annotation that names the run.
    package static let annotation = "shipslog/run"

    /// A manifest with the mark of a run.
    static func marked(_ manifest: JSONValue, by run: EventID) -> JSONValue {
        manifest.marked(annotations: [annotation: run.description])
    }

    /// The run that an object is marked with; `nil` for none.
    static func run(of object: JSONValue?) -> String? { object?["metadata"]?["annotations"]?[annotation]?.string }
}
