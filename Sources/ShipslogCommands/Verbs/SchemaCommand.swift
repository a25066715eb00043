import ArgumentParser
import LedgerSchema
import RolloutModel

/// `shipslog schema`: the contracts of outputs, events and input files, as JSON Schemas.
struct SchemaCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of an output, of an event type or of an input file.",
        discussion: """
            Without a name it lists the names there are.

            Examples:
              shipslog schema
              shipslog schema rollouts
              shipslog schema deployment.created
              shipslog schema behaviours
            """
    )

    @Argument(help: "An output (rollouts), an event type (deployment.created) or a file (behaviours).")
    var name: String?

    func run(in context: CommandContext) async throws {
        let documents = LedgerSchema.outputSchemas + LedgerSchema.eventSchemas + LedgerSchema.inputSchemas
        guard let name else {
            for document in documents { try context.output.write(document.name + "\n") }
            return
        }
        guard let document = documents.first(where: { $0.name == name }) else {
            throw ShipslogError(
                .notFound, "There is no schema \"\(name)\".", hint: "`shipslog schema` lists the names there are."
            )
        }
        try context.output.write(String(decoding: document.bytes, as: UTF8.self))
    }
}
