import ArgumentParser

/// `shipslog completion`: the script that completes command lines in a shell.
struct CompletionCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script for a shell.",
        discussion: """
            Examples:
              source <(shipslog completion bash)
              shipslog completion zsh > "${fpath[1]}/_shipslog"
              shipslog completion fish > ~/.config/fish/completions/shipslog.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        fileprivate var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run(in context: CommandContext) async throws {
        try context.output.write(Shipslog.completionScript(for: shell.completionShell) + "\n")
    }
}
