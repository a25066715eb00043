import Foundation

/// What other processes ask of this one.
enum Signals {
    /// What comes of work that is cancelled on SIGINT and SIGTERM.
    static func result<Value>(of work: Task<Value, any Error>) async -> Result<Value, any Error> {
        let sources = handle([SIGINT, SIGTERM]) { work.cancel() }
        defer { for source in sources { source.cancel() } }
        return await work.result
    }

    /// Calls a function whenever one of the signals comes, instead of what the system would do.
    ///
    /// - Returns: What is to be kept, and cancelled, by who no longer wants that.
    static func handle(_ numbers: [Int32], _ handler: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: handler)
            source.resume()
            return source
        }
    }
}
