import Foundation

/// All measurements, with what each is compared to.
struct Report {
    /// Smaller numbers of everything, to try the benchmark itself.
    var isQuick: Bool

    private let folder = URL.temporaryDirectory.appending(path: "shipslog-bench-\(UUID().uuidString)")
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private let bench = URL(filePath: CommandLine.arguments[0]).path
    private var shipslog: String {
        URL(filePath: bench).deletingLastPathComponent().appending(path: "shipslog").path
    }
    private var baseline: String { ProcessInfo.processInfo.environment["BENCH_BASELINE"] ?? "" }

    /// The only part that is measured; `nil` for all.
    var only: String?

    init(isQuick: Bool, only: String? = nil) {
        self.isQuick = isQuick
        self.only = only
    }

    /// Measures everything and prints a line for each measurement as it is done.
    func run() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // What our commands remember of these ledgers is not for the user's home.
        setenv("XDG_STATE_HOME", folder.path, 1)
        say("measurement                                 shipslog     compared with               ratio   aim")
        for (name, measure) in parts where only ?? name == name { try measure() }
    }

    /// What is measured, by the names that `--only` takes.
    private var parts: [(String, () throws -> Void)] {
        [
            (
                "single",
                {
                    try appends(
                        "durable single appends /s", events: isQuick ? 1_000 : 5_000, batch: 1, pairs: 7, aim: 0.9)
                }
            ),
            (
                "bulk",
                {
                    try appends(
                        "bulk append, 1,000 a time /s", events: isQuick ? 20_000 : 200_000, batch: 1_000, pairs: 5,
                        aim: 0.7)
                }
            ),
            ("follow", follow), ("million", million), ("watch", imports), ("audit", auditImports),
            ("simulator", simulations), ("replay", replays),
        ]
    }

    /// How soon a reader in another process has what was appended.
    private func follow() throws {
        let file = newFile()
        let events = isQuick ? 20 : 200
        row(
            "follow, longest of \(events), ms", try Command.run([bench, "follow", file, "\(events)"]).number, "the aim",
            100, aim: 1)
        try remove(file)
    }

    /// Pairs of runs, one of ours and one of the C program in turn; medians of each.
    private func appends(_ name: String, events: Int, batch: Int, pairs: Int, aim: Double) throws {
        let migrations = try FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: "schema/migrations").path
        )
        .sorted().map { root.appending(path: "schema/migrations/\($0)").path }
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<(isQuick ? 1 : pairs) {
            let file = newFile()
            ours.append(try Command.run([bench, "append", file, "\(events)", "\(batch)"]).number)
            try remove(file)
            theirs.append(try Command.run([baseline, "append", file, "\(events)", "\(batch)"] + migrations).number)
            try remove(file)
        }
        row(name, median(ours), "C", median(theirs), aim: aim)
    }

    /// What is done with a ledger of a million events.
    private func million() throws {
        let file = newFile()
        let events = isQuick ? 20_000 : 1_000_000
        _ = try Command.run([bench, "append", file, "\(events)", "10000"])
        _ = try Command.run([shipslog, "import", "watch"] + fixtures + ["--cluster", "bench", "--ledger", file])

        let scan = try Command.run([baseline, "scan", file]).number
        let hash = try Command.run([bench, "hash"]).number
        let verify = try Command.run([bench, "verify", file]).number
        row("verify, events /s", verify, "C scan + hashes", 1 / (1 / scan + 1 / hash))
        let decode = try Command.run([bench, "decode", file]).number
        let rebuild = try Command.run([bench, "rebuild", file]).number
        row("rebuild, events /s", rebuild, "read + decode", decode)

        let past = "2023-11-14T22:20:00Z"
        for command in [
            ["rollouts", "deploy/web-7"], ["rollouts"], ["state", "deploy/web-7", "--at", past],
            ["state", "deploy/web-7"],
        ] {
            let times = try (0..<9).map { _ in
                try Command.run([shipslog] + command + ["--cluster", "bench", "-n", "shop", "--ledger", file]).seconds
                    * 1_000
            }
            row("\(command.joined(separator: " ")), ms", median(times), "the aim", 50)
        }
        try remove(file)
    }

    /// The fixture streams, again and again under other names, until there is a gigabyte of them.
    private func imports() throws {
        // In a process of its own: what this one held when it started another would count as that one's memory.
        let bytes = isQuick ? 20_000_000 : 1_000_000_000
        let megabytes =
            try Command.run([bench, "repeat-streams", folder.path, "\(bytes)"] + fixtures).number / 1_000_000
        let paths = fixtures.map { folder.appending(path: URL(filePath: $0).lastPathComponent).path }
        let parse = try Command.run([bench, "parse"] + fixtures).number
        let file = newFile()
        let run = try Command.run(
            [shipslog, "import", "watch"] + paths + ["--cluster", "bench", "--ledger", file])
        row("import of \(Int(megabytes)) MB, MB/s", megabytes / run.seconds, "JSONSerialization", parse)
        row("its peak memory, MB", Double(run.peakBytes) / 1_000_000, "the aim", 100)
        try remove(file)
    }

    /// The fixture audit log, again and again under other names, with twenty requests that change nothing of a rollout after
    /// each that does, until there is a gigabyte of it; and once without those, a tenth as much.
    private func auditImports() throws {
        for (reads, bytes) in [(20, 1_000_000_000), (0, 100_000_000)] {
            let log = folder.appending(path: "audit-\(reads).jsonl").path
            let source = root.path + "/Tests/Fixtures/kubernetes-1.20/audit.jsonl.gz"
            let size = isQuick ? bytes / 50 : bytes
            let written = try Command.run([bench, "repeat-audit", source, log, "\(reads)", "\(size)"]).number
            let file = newFile()
            let ours = try Command.run([shipslog, "import", "audit", log, "--cluster", "bench", "--ledger", file])
            let jq = try Command.run(
                ["/usr/bin/env", "jq", "-c", "select(.verb==\"patch\")", log], keepsOutput: false)
            let megabytes = written / 1_000_000
            let kind = reads == 0 ? "of changes only" : "with \(reads) reads a change"
            row(
                "audit log \(kind), \(Int(megabytes)) MB, MB/s", megabytes / ours.seconds, "jq",
                megabytes / jq.seconds, aim: 5)
            row("its peak memory, MB", Double(ours.peakBytes) / 1_000_000, "the aim", 100)
            try remove(file)
            try FileManager.default.removeItem(atPath: log)
        }
    }

    /// A rolling update in a simulated cluster, and how fast updates are simulated.
    private func simulations() throws {
        let times = try (0..<9).map { _ in try Command.run([bench, "update", "1000"]).number }
        row("rolling update of 1,000 replicas, ms", median(times), "the aim", 100, aim: 1)
        let rates = try (0..<5).map { _ in
            try Command.run([bench, "simulate", "1000", isQuick ? "2" : "20"]).number
        }
        row("simulated events /s", median(rates), "the aim", 1_000_000, aim: 1)
    }

    /// How fast a history is replayed dry, and how fast variants are tried.
    private func replays() throws {
        let rates = try (0..<5).map { _ in
            try Command.run([bench, "dry-run", isQuick ? "20000" : "1000000"]).number
        }
        row("dry-run replay, events/s", median(rates), "the aim", 500_000, aim: 1)
        let times = try (0..<(isQuick ? 1 : 5)).map { _ in try Command.run([bench, "variants"]).number }
        row("1,000 variants of 20 replicas, ms", median(times), "the aim", 5_000, aim: 1)
    }

    private var fixtures: [String] {
        let streams = ["deployments", "replicasets", "pods", "services", "endpointslices", "events"]
        return streams.map { root.appending(path: "Tests/Fixtures/kubernetes-1.20/\($0).watch.jsonl").path }
    }

    private func newFile() -> String { folder.appending(path: "\(UUID().uuidString).db").path }

    private func remove(_ file: String) throws {
        for suffix in ["", "-wal", "-shm", ".lock"] where FileManager.default.fileExists(atPath: file + suffix) {
            try FileManager.default.removeItem(atPath: file + suffix)
        }
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func row(_ name: String, _ ours: Double, _ other: String, _ theirs: Double, aim: Double? = nil) {
        func column(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        func number(_ value: Double) -> String { String(format: value < 100 ? "%.1f" : "%.0f", value) }
        say(
            column(name, 44) + column(number(ours), 13) + column("\(other) \(number(theirs))", 28)
                + column(String(format: "%.2f", ours / theirs), 8) + (aim.map { String(format: "%.2f", $0) } ?? "")
        )
    }

    /// Printed at once, also into a file.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
