import Foundation

/// Measures a ledger against what SQLite and the machine allow, and prints the report.
///
///     bench [--quick] [--only PART]           the report; `tools/bench/run` builds what it needs and calls it
///     bench append FILE EVENTS BATCH          one measurement each, in a process of its own:
///     bench verify FILE                       prints a rate
///     bench rebuild FILE
///     bench decode FILE
///     bench hash
///     bench parse FILE...
///     bench trickle FILE EVENTS               appends an event every 50 ms
///     bench follow FILE EVENTS                prints a time in milliseconds
///     bench update REPLICAS                   prints a time in milliseconds
///     bench simulate REPLICAS UPDATES
///     bench dry-run EVENTS
///     bench variants                          prints a time in milliseconds
///     bench record KUBECONFIG SHIPSLOG FILE   `tools/bench/live` calls these; --pods, --seconds and --rate may follow
///     bench nodes KUBECONFIG SHIPSLOG         --pods may follow
@main
struct Bench {
    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.popFirst(), !name.hasPrefix("--") else {
            let only = CommandLine.arguments.firstIndex(of: "--only").map {
                CommandLine.arguments.dropFirst($0 + 1).first
            }
            return try Report(isQuick: CommandLine.arguments.contains("--quick"), only: only ?? nil).run()
        }
        #if Network
            if name == "record", arguments.count >= 3 {
                return try await RecordingLag(arguments: Array(arguments)).run()
            }
            if name == "nodes", arguments.count >= 2 {
                return try await PretendedPods(arguments: Array(arguments)).run()
            }
        #endif
        guard let rate = try await Measurement.run(name, Array(arguments)) else {
            FileHandle.standardError.write(Data("bench: no such measurement: \(name)\n".utf8))
            exit(64)
        }
        print(rate)
    }
}
