import Foundation

/// What other processes ask of this one.
enum Signals {
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
