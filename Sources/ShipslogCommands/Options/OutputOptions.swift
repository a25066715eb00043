import ArgumentParser

/// The forms of an answer.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, wide, json, jsonl, yaml, name
}

/// When to use colours.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

extension TimeDisplay: ExpressibleByArgument {}

/// The options that say how an answer looks.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The form of the answer; jsonl is one object a line.", valueName: "format")
    )
    var format: OutputFormat = .table

    @Flag(help: "Leave out the line of column names.")
    var noHeaders = false

    @Option(
        name: .customLong("color"),
        help: ArgumentHelp("Colours; auto: on a terminal, unless NO_COLOR is set or TERM is dumb.", valueName: "when")
    )
    var colour: ColourChoice = .auto

    @Option(
        help: ArgumentHelp("Times in tables; auto: relative for a week, then absolute in UTC.", valueName: "display"))
    var time: TimeDisplay = .auto

    @Flag(help: "Show values that look secret, which are *** otherwise.")
    var showSecrets = false

    @Flag(name: .shortAndLong, help: "Print nothing beside the answer but errors.")
    var quiet = false
}

extension ColourChoice {
    /// Whether there are to be colours.
    ///
    /// - SeeAlso: <https://no-color.org>
    func isWanted(onTerminal isTerminal: Bool, in context: CommandContext) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isTerminal && context.environment["TERM"] != "dumb" && (context.environment["NO_COLOR"] ?? "").isEmpty
        }
    }
}
