import ArgumentParser
import EventLedger
import RolloutModel

/// The option that chooses subjects by their labels.
struct SelectorArguments: ParsableArguments {
    @Option(
        name: [.customShort("l"), .long],
        help: ArgumentHelp(
            "Only subjects whose labels, as last seen, match: app=web, 'env in (prod,test)', '!track'.",
            valueName: "selector"))
    var selector: String?

    func validate() throws {
        if let selector { _ = try LabelSelector(selector) }
    }

    /// What was given; `nil` if every subject is wanted.
    ///
    /// - Throws: ``ValidationError`` if a subject is named beside it, in kubectl's words.
    func selector(beside subject: SubjectArgument?) throws -> LabelSelector? {
        guard let selector else { return nil }
        if subject?.name != nil {
            throw ValidationError("name cannot be provided when a selector is specified")
        }
        return try LabelSelector(selector)
    }
}

extension Ledger {
    /// Whether a stream is that of a subject that a selector chooses; any stream is chosen if there is none.
    func isChosen(_ stream: StreamName, by selector: LabelSelector?) throws -> Bool {
        guard let selector else { return true }
        return try stream.isSubject && selector.matches(labels(of: stream))
    }
}
