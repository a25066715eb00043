import Foundation
import RolloutModel

/// Everything that a command has to do with the world beside the ledger file, so that it runs in a test as it runs in
/// a terminal.
public struct CommandContext: Sendable {
    /// Where the answer goes, and nothing else.
    public var output: TextSink
    /// Where errors, notices and progress go.
    public var notices: TextSink
    /// Whether a person watches the output.
    public var isOutputTerminal: Bool
    /// Whether a person watches the notices.
    public var isNoticesTerminal: Bool
    /// How many columns help is wrapped to; `nil` for the width of the terminal.
    public var helpColumns: Int?
    /// The clock.
    public var now: @Sendable () -> Timestamp
    /// The environment variables.
    public var environment: [String: String]
    /// The folder against which relative paths are read.
    public var currentDirectory: String

    /// Describes a world.
    public init(
        output: TextSink, notices: TextSink, isOutputTerminal: Bool = false, isNoticesTerminal: Bool = false,
        helpColumns: Int? = nil,
        now: @escaping @Sendable () -> Timestamp, environment: [String: String], currentDirectory: String
    ) {
        self.output = output
        self.notices = notices
        self.isOutputTerminal = isOutputTerminal
        self.isNoticesTerminal = isNoticesTerminal
        self.helpColumns = helpColumns
        self.now = now
        self.environment = environment
        self.currentDirectory = currentDirectory
    }

    /// The world of this process.
    public static func ofProcess() -> CommandContext {
        CommandContext(
            output: .fileDescriptor(STDOUT_FILENO), notices: .fileDescriptor(STDERR_FILENO, buffered: false),
            isOutputTerminal: isatty(STDOUT_FILENO) == 1, isNoticesTerminal: isatty(STDERR_FILENO) == 1,
            now: { Timestamp(Date()) }, environment: ProcessInfo.processInfo.environment,
            currentDirectory: FileManager.default.currentDirectoryPath
        )
    }

    /// Who runs the command; behind `sudo`, who called it.
    var user: String {
        let names = ["SUDO_USER", "USER", "LOGNAME"].compactMap { environment[$0] }
        return names.first { !$0.isEmpty } ?? "uid \(getuid())"
    }

    /// A path as the file system takes it: `~` and relative paths are resolved against this world.
    func absolutePath(_ path: String) -> String {
        if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] {
            return home + path.dropFirst()
        }
        return path.hasPrefix("/") ? path : currentDirectory + "/" + path
    }

    /// Prints a line for a person beside the answer.
    func notice(_ line: String) throws {
        try notices.write(TerminalText.escape(line) + "\n")
    }

    /// Asks the person whether to go on.
    ///
    /// - Throws: ``ShipslogError`` with code `conflict` if they do not want that, or nobody answers.
    func confirm(_ question: String) throws {
        try notices.write(TerminalText.escape("\(question) [y/N] "))
        try notices.flush()
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw ShipslogError(.conflict, "Nothing was done.")
        }
    }
}
