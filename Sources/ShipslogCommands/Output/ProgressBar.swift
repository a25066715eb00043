import Foundation
import RolloutModel

/// A line on the terminal that tells how far a long task is: `importing  [#####.....]  48 %`.
///
/// It appears once the task has taken a second, and only if a person watches.
final class ProgressBar: @unchecked Sendable {
    // `@unchecked`: `lock` guards `lastDrawn`.
    private let lock = NSLock()
    private var lastDrawn: Timestamp?
    private let label: String
    private let context: CommandContext
    private let startedAt: Timestamp
    private let isShown: Bool

    /// Begins a task.
    init(_ label: String, in context: CommandContext, quiet: Bool) {
        self.label = label
        self.context = context
        startedAt = context.now()
        isShown = context.isNoticesTerminal && !quiet
    }

    /// Tells that `done` of `total` units are done.
    ///
    /// Cheap: it draws at most ten times a second.
    func update(_ done: Int64, of total: Int64) {
        guard isShown, total > 0 else { return }
        lock.withLock {
            let now = context.now()
            guard now.seconds(since: startedAt) >= 1, now.seconds(since: lastDrawn ?? startedAt) >= 0.1 else { return }
            lastDrawn = now
            draw(Self.line(label: label, fraction: Double(done) / Double(total)))
        }
    }

    /// Takes the line away.
    func finish() {
        lock.withLock {
            if lastDrawn != nil { draw("") }
            lastDrawn = nil
        }
    }

    /// What the line looks like: plain ASCII, under 60 columns.
    static func line(label: String, fraction: Double) -> String {
        let fraction = min(max(fraction, 0), 1)
        let full = Int(fraction * 30)
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: 30 - full)
        return "\(label)  [\(bar)]  \(Int(fraction * 100)) %"
    }

    private func draw(_ line: String) {
        // Progress is a courtesy: a terminal that went away must not end the task.
        try? context.notices.write("\r\u{1B}[K" + line)
    }
}
