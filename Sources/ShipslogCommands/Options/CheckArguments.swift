import ArgumentParser
import RolloutModel

/// The options that say by what new pods are checked.
struct CheckArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A command, or a URL that must answer with 200 to 299, by which the new pods are checked.",
            valueName: "check"))
    var check: String?

    @Option(
        help: ArgumentHelp(
            "A figure by which the new pods are checked, in PromQL; with --prometheus and a limit.",
            valueName: "promql"))
    var query: String?

    @Option(help: ArgumentHelp("The Prometheus that is asked: http://prometheus:9090.", valueName: "url"))
    var prometheus: String?

    @Option(help: ArgumentHelp("What no sample of the query may exceed.", valueName: "number"))
    var atMost: Double?

    @Option(help: ArgumentHelp("What no sample of the query may be below.", valueName: "number"))
    var atLeast: Double?

    func validate() throws {
        if let check, check.isEmpty { throw ValidationError("--check is empty.") }
        guard query != nil else {
            guard prometheus == nil, atMost == nil, atLeast == nil else {
                throw ValidationError("--prometheus, --at-most and --at-least say how --query is asked and judged.")
            }
            return
        }
        if check != nil { throw ValidationError("--check and --query are two checks: give one of them.") }
        guard let prometheus else { throw ValidationError("It is not said who is asked: give --prometheus URL.") }
        guard case .url = PodCheck(prometheus) else {
            throw ValidationError("\"\(prometheus)\" is no URL: give --prometheus http://HOST:PORT.")
        }
        guard atMost != nil || atLeast != nil else {
            throw ValidationError("The query has no limit: give --at-most or --at-least.")
        }
    }

    /// What is asked for; `nil` for no check.
    var wanted: PodCheck? {
        guard let query, let prometheus else { return check.map(PodCheck.init) }
        return .query(PrometheusQuery(server: prometheus, query: query, atMost: atMost, atLeast: atLeast))
    }
}
