import EventLedger
import Foundation
import RolloutModel

/// What came of a verification, as `verify` answers with it.
struct VerificationItem: Printable {
    var path: String
    var report: VerificationReport
    var remembered: Checkpoint?

    var namespace: String { "" }
    var name: String { path }

    static func columns(_ style: TextStyle) -> [Column<VerificationItem>] { [] }

    /// The layers one by one, and the verdict.
    var lines: [StyledText] {
        let rows = report.layers.map { layer -> [StyledText] in
            let verdict = layer.problem == nil ? StyledText("ok", .good) : StyledText("FAILED", .bad)
            let problem = layer.problem.map { problem in
                problem.position.map { "position \($0): \(problem.message)" } ?? problem.message
            }
            return [StyledText(layer.kind.rawValue), verdict, StyledText(problem ?? layer.summary)]
        }
        return Table(headers: ["LAYER", "RESULT", "DETAILS"], rows: rows).lines(withHeaders: true) + ["", verdict]
    }

    private var verdict: StyledText {
        guard report.isSound else {
            let place = report.firstBadPosition.map { "; the first bad position is \($0)" } ?? ""
            return "\("The ledger is not what was recorded", .bad): \(path)\(place)."
        }
        guard let head = report.computedHead else { return "The ledger is sound." }
        return "\("The ledger is sound", .good): \(Plural.of(Int(head.size.rawValue), "event")), root \(head.root)."
    }

    var document: JSONValue {
        .object([
            "firstBadPosition": .position(report.firstBadPosition),
            "head": report.computedHead.map(document) ?? .null,
            "layers": .array(
                report.layers.map { layer in
                    .object([
                        "layer": .string(layer.kind.rawValue), "position": .position(layer.problem?.position),
                        "problem": .text(layer.problem?.message), "sound": .bool(layer.problem == nil),
                        "summary": .string(layer.summary),
                    ])
                }),
            "path": .string(path),
            "remembered": remembered.map(document) ?? .null,
            "sound": .bool(report.isSound),
        ])
    }

    private func document(of head: Head) -> JSONValue {
        .object([
            "logID": .string(head.logID.uuidString.lowercased()), "root": .string("\(head.root)"),
            "size": .position(head.size),
        ])
    }
}
