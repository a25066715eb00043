import ArgumentParser

/// `shipslog version`.
struct VersionCommand: Verb {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    /// The version of this program.
    static let version = "0.1.0"

    func run(in context: CommandContext) async throws {
        try context.output.write("shipslog \(Self.version)\n")
    }
}
