import ArgumentParser
import EventLedger
import RolloutModel

/// `shipslog diff`: what is different between the templates of two rollouts.
struct DiffCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the templates of two rollouts.",
        discussion: """
            Prints a unified diff of the templates as YAML. Ends with 0 if they are the same, 1 if they differ, 2 on any error.

            Examples:
              shipslog diff deploy/web@2 deploy/web@5
            """
    )

    @Argument(help: "The one rollout.", completion: NameCompletion.rollouts)
    var first: String

    @Argument(help: "The other rollout.", completion: NameCompletion.rollouts)
    var second: String

    @OptionGroup var scope: ScopeArguments
    @OptionGroup var ledger: LedgerArguments
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try RolloutArgument([first])
        _ = try RolloutArgument([second])
    }

    func run(in context: CommandContext) async throws {
        do {
            if try compare(in: context) { throw ExitStatus.different }
        } catch let error as ShipslogError {
            // As of `diff`: 1 means a difference, so an error is 2 or more.
            guard ExitStatus.of(error.code) == .failure else { throw error }
            throw ShipslogError(.invalidArgument, error.message, hint: error.hint)
        }
    }

    /// Prints the difference.
    ///
    /// - Returns: whether there is one.
    private func compare(in context: CommandContext) throws -> Bool {
        let ledger = try ledger.open(in: context)
        let finder = SubjectFinder(ledger: ledger, scope: try scope.scope(of: ledger))
        let old = try template(of: finder.rollout(RolloutArgument([first])), in: ledger)
        let new = try template(of: finder.rollout(RolloutArgument([second])), in: ledger)
        let item = TemplateDiff(
            first: first, second: second, namespace: finder.scope.namespace ?? "", old: old, new: new)
        let printer = Printer(context: context, options: output)
        let lines = try item.lines(masked: !output.showSecrets)
        try printer.print(item) { lines }
        if item.isDifferent, lines.isEmpty {
            try printer.notice("They differ only in values that look secret; --show-secrets shows them.")
        }
        return item.isDifferent
    }

    private func template(of rollout: Rollout, in ledger: Ledger) throws -> JSONValue {
        let revision = try ledger.revisions(of: rollout.stream).first { $0.number == rollout.revision }
        guard let revision else {
            throw ShipslogError(
                .internal, "The ledger lacks revision \(rollout.revision) of \(rollout.stream.shortName).")
        }
        return revision.template.withoutServerFields
    }
}

extension JSONValue {
    /// A pod template without what the API server and the ReplicaSet controller put in: a ReplicaSet's copy has it, a
    /// Deployment's own has not.
    fileprivate var withoutServerFields: JSONValue {
        guard var metadata = self["metadata"] else { return self }
        var template = self
        if metadata["creationTimestamp"] == .null { metadata["creationTimestamp"] = nil }
        metadata["labels"]?["pod-template-hash"] = nil
        template["metadata"] = metadata
        return template
    }
}

/// The difference between two templates.
struct TemplateDiff: Printable {
    var first: String
    var second: String
    var namespace: String
    var old: JSONValue
    var new: JSONValue

    var isDifferent: Bool { old != new }
    var name: String { "\(first) \(second)" }

    static func columns(_ style: TextStyle) -> [Column<TemplateDiff>] { [] }

    var document: JSONValue {
        .object([
            "different": .bool(isDifferent), "first": .string(first), "second": .string(second),
            "firstTemplate": old, "secondTemplate": new,
        ])
    }

    /// The lines of the unified diff.
    func lines(masked: Bool) throws -> [StyledText] {
        func text(_ value: JSONValue) throws -> [String] {
            try YAMLText.document(masked ? Secrets.masked(value) : value).split(separator: "\n").map(String.init)
        }
        return try UnifiedDiff.lines(from: text(old), named: first, to: text(new), named: second)
    }
}
