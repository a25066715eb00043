import Foundation
import Replay
import RolloutModel

/// Comparisons as pipelines read them: a test suite for each replay, a test case for each thing that was expected.
///
/// - SeeAlso: <https://github.com/testmoapp/junitxml>
enum JUnitReport {
    /// The text of the file.
    static func text(_ runs: [ReplayRun]) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for run in runs {
            let findings = run.comparison.findings
            let performance = run.performance
            let troubles = performance.problems + (performance.isStopped ? ["stopped before its end"] : [])
            let failures = run.comparison.divergences.count + performance.refusals.count + troubles.count
            text += """
                  <testsuite name="\(escaped(run.plan.name))" tests="\(findings.count + performance.refusals.count + troubles.count)" \
                failures="\(failures)" timestamp="\(run.plan.startsAt.rfc3339)">

                """
            for trouble in troubles { text += testCase(run.plan.name, "comes to its end", failure: trouble) }
            for refusal in performance.refusals {
                text += testCase(
                    refusal.action.subject.shortName, refusal.action.summary, failure: "refused: \(refusal.reason)")
            }
            for finding in findings {
                guard let milestone = finding.milestone else { continue }
                let now = finding.replayed.map { "now \($0.what)" } ?? "nothing came"
                text += testCase(
                    milestone.about, finding.recorded?.what ?? milestone.what,
                    failure: finding.kind.isDivergence ? "\(finding.kind.rawValue): \(now)" : nil)
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func testCase(_ about: String, _ what: String, failure: String?) -> String {
        let head = "    <testcase classname=\"\(escaped(about))\" name=\"\(escaped(what))\""
        guard let failure else { return head + "/>\n" }
        return head + ">\n      <failure message=\"\(escaped(failure))\"/>\n    </testcase>\n"
    }

    /// XML 1.0 has no form for most control characters.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Secrets.masked(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
