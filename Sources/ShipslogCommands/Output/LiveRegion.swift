import Foundation
import Synchronization

/// The last lines of a terminal, which are drawn anew as things change; other lines go above them.
struct LiveRegion {
    private let sink: TextSink
    private let colours: Bool
    private var drawn: [StyledText] = []

    init(_ sink: TextSink, colours: Bool) {
        self.sink = sink
        self.colours = colours
    }

    /// Draws other lines in its place.
    ///
    /// - Parameter above: What is written above them, to stay.
    mutating func draw(
        _ lines: [StyledText], above: StyledText? = nil, size: TerminalSize = .ofNotices
    ) throws {
        // A line that wraps, or a region that is higher than the terminal, could not be taken back.
        let fitting = lines.suffix(max(1, size.rows - 2)).map { $0.cut(to: size.columns - 1) }
        guard fitting != drawn || above != nil else { return }
        var text = drawn.isEmpty ? "" : "\r\u{1B}[\(drawn.count)A\u{1B}[J"
        for line in (above.map { [$0] } ?? []) + fitting { text += line.rendered(colours: colours) + "\n" }
        drawn = fitting
        try sink.write(text)
    }

    /// Leaves what is drawn where it is: somebody else has written below it.
    mutating func leave() { drawn = [] }
}

/// How large the terminal is on which the notices are read.
struct TerminalSize {
    var columns: Int
    var rows: Int

    /// 80 by 24 if it does not say.
    static var ofNotices: TerminalSize {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

/// Whose turn it is to write on the terminal: while a person is asked, nobody draws over the question.
final class TerminalTurn: Sendable {
    private let state = Mutex(State())

    struct State {
        /// How often a person was asked.
        var questions = 0
        var isAsking = false
    }

    var now: State { state.withLock(\.self) }

    /// Takes the terminal for a question.
    ///
    /// - Returns: Whether it was free.
    func take() -> Bool {
        state.withLock { state in
            guard !state.isAsking else { return false }
            state.isAsking = true
            state.questions += 1
            return true
        }
    }

    /// Gives it back.
    func giveBack() { state.withLock { $0.isAsking = false } }
}
