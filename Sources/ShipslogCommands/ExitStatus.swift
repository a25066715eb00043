import ArgumentParser
import Foundation
import RolloutModel

/// How a command ends: the exit codes, which are a contract.
struct ExitStatus: Error, Equatable {
    let rawValue: Int32

    /// It was done.
    static let success = ExitStatus(rawValue: 0)
    /// It could not be done.
    static let failure = ExitStatus(rawValue: 1)
    /// The command line is wrong.
    static let usage = ExitStatus(rawValue: 2)
    /// What was replayed does not agree with what was recorded.
    static let diverged = ExitStatus(rawValue: 3)
    /// The ledger was tampered with, or an older copy was put in its place.
    static let tampered = ExitStatus(rawValue: 6)
    /// It was interrupted by the person.
    static let interrupted = ExitStatus(rawValue: 130)
    /// The reader of the output went away, as a shell says it of a program that SIGPIPE ended.
    static let outputClosed = ExitStatus(rawValue: 141)

    /// Of two texts that differ.
    static let different = ExitStatus(rawValue: 1)

    /// The exit code of an error.
    static func of(_ code: ShipslogError.Code) -> ExitStatus {
        switch code {
        case .invalidArgument: .usage
        case .tampered: .tampered
        case .notFound, .conflict, .unavailable, .unsupportedSchema, .internal: .failure
        }
    }
}

/// What is to be said of an error, and with which exit code.
struct ErrorReport: Equatable {
    var status: ExitStatus
    /// What goes to the output: help that was asked for.
    var output: String?
    /// What goes beside the output.
    var notice: String?

    /// Decides it.
    ///
    /// - Parameter helpColumns: How many columns help is wrapped to; `nil` for the width of the terminal.
    init(_ error: any Error, helpColumns: Int? = nil) {
        switch (error as? any ExplainableError)?.explained ?? error {
        case let exit as ExitStatus:
            status = exit
        case is OutputClosed:
            status = .outputClosed
        case is CancellationError:
            status = .interrupted
        case let error as ShipslogError:
            status = .of(error.code)
            notice = "error: " + ([error.message] + (error.hint.map { [$0] } ?? [])).joined(separator: "\n")
        case let error as POSIXError:
            status = .failure
            notice = "error: The output cannot be written: \(String(cString: strerror(error.code.rawValue)))."
        case is EncodingError, is DecodingError:
            status = .failure
            notice = "error: A value cannot be expressed: \(error)"
        default:
            // Of ArgumentParser, whose own code for wrong usage is 64.
            let message = Shipslog.fullMessage(for: error, columns: helpColumns)
            if Shipslog.exitCode(for: error).isSuccess {
                status = .success
                output = message
            } else {
                status = .usage
                notice = message.hasPrefix("Error:") ? "error:" + message.dropFirst(6) : message
            }
        }
    }
}
