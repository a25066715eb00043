import EventLedger
import Foundation
import RolloutModel

/// One rate, measured in this process.
enum Measurement {
    /// Measures by name.
    ///
    /// - Returns: A number per second; `nil` if there is no measurement of that name with these arguments.
    static func run(_ name: String, _ arguments: [String]) async throws -> Double? {
        let files = arguments.map { URL(filePath: $0) }
        switch (name, arguments.count) {
        case ("append", 3):
            guard let events = Int(arguments[1]), let batch = Int(arguments[2]) else { return nil }
            return try await append(to: files[0], events: events, batch: batch)
        case ("verify", 1): return try verify(files[0])
        case ("rebuild", 1): return try rebuild(files[0])
        case ("decode", 1): return try await decode(files[0])
        case ("hash", 0): return hash()
        case ("parse", 1...): return try parse(files)
        case ("repeat-streams", 3...):
            return try Double(
                RepeatedStreams.write(Array(files.dropFirst(2)), to: files[0], bytes: Int(arguments[1]) ?? 0))
        case ("repeat-audit", 4):
            return try Double(
                RepeatedAudit.write(
                    files[0], to: arguments[1], reads: Int(arguments[2]) ?? 0, bytes: Int(arguments[3]) ?? 0))
        case ("trickle", 2): return try await trickle(into: files[0], events: Int(arguments[1]) ?? 1)
        case ("follow", 2): return try await follow(files[0], events: Int(arguments[1]) ?? 1)
        case ("update", 1): return try SimulatedUpdate.milliseconds(replicas: Int(arguments[0]) ?? 1)
        case ("simulate", 2):
            return try SimulatedUpdate.eventsPerSecond(
                replicas: Int(arguments[0]) ?? 1, updates: Int(arguments[1]) ?? 1)
        case ("dry-run", 1): return try Replays.eventsPerSecond(events: Int(arguments[0]) ?? 1)
        case ("variants", 0): return try Replays.millisecondsOfThousandVariants()
        default: return nil
        }
    }

    /// Events per second appended to a new ledger, so many in each durable transaction.
    private static func append(to file: URL, events: Int, batch: Int) async throws -> Double {
        let ledger = try Ledger.create(at: file.path)
        var elapsed = Duration.zero
        for first in stride(from: 1, through: events, by: batch) {
            let batch = try (first..<min(first + batch, events + 1)).map(BenchEvents.event)
            elapsed += try await ContinuousClock().measure { _ = try await ledger.append(batch) }
        }
        try ledger.close()
        return Double(events) / elapsed.seconds
    }

    /// Events per second through all four layers of verification.
    private static func verify(_ file: URL) throws -> Double {
        let ledger = try Ledger.open(at: file.path, mode: .readOnly)
        let size = try ledger.head().size.rawValue
        let elapsed = try ContinuousClock().measure {
            guard try ledger.verify().isSound else { fatalError("the ledger of the benchmark does not verify") }
        }
        return Double(size) / elapsed.seconds
    }

    /// Events per second folded anew into all projections.
    private static func rebuild(_ file: URL) throws -> Double {
        let ledger = try Ledger.open(at: file.path, mode: .readWrite)
        let size = try ledger.head().size.rawValue
        let elapsed = try ContinuousClock().measure { try ledger.rebuild() }
        return Double(size) / elapsed.seconds
    }

    /// Events per second read and decoded, and nothing done with them: what a rebuild cannot do without.
    private static func decode(_ file: URL) async throws -> Double {
        let ledger = try Ledger.open(at: file.path, mode: .readOnly)
        var count = 0
        let start = ContinuousClock.now
        for try await event in ledger.events() {
            _ = try event.event.fact()
            count += 1
        }
        return Double(count) / (ContinuousClock.now - start).seconds
    }

    /// Events per second whose hashes alone are computed: commitment, leaf and, on average, one node.
    private static func hash() -> Double {
        let payload = [UInt8](repeating: 7, count: 32 + 256)
        let envelope = [UInt8](repeating: 7, count: 320)
        let count = 500_000
        var frontier = Frontier()
        let elapsed = ContinuousClock().measure {
            for _ in 0..<count {
                _ = MerkleTree.leafHash(of: payload)
                frontier.append(MerkleTree.leafHash(of: envelope))
            }
        }
        return Double(count) / elapsed.seconds
    }

    /// Events per second of a writer that takes its time.
    private static func trickle(into file: URL, events: Int) async throws -> Double {
        let ledger = try Ledger.open(at: file.path)
        let start = ContinuousClock.now
        for number in 1...events {
            try await Task.sleep(for: .milliseconds(50))
            _ = try await ledger.append([BenchEvents.event(number)])
        }
        try ledger.close()
        return Double(events) / (ContinuousClock.now - start).seconds
    }

    /// Milliseconds from the stamp of an event, just before another process writes it to disk, until a follower has it:
    /// the longest of all.
    private static func follow(_ file: URL, events: Int) async throws -> Double {
        try Ledger.create(at: file.path).close()
        let reader = try Ledger.open(at: file.path, mode: .readOnly)
        let writer = Process()
        writer.executableURL = URL(filePath: CommandLine.arguments[0])
        writer.arguments = ["trickle", file.path, "\(events)"]
        writer.standardOutput = FileHandle.nullDevice
        try writer.run()
        var longest: Int64 = 0
        for try await event in reader.follow(after: 0).prefix(events) {
            longest = max(longest, Timestamp(Date()).microseconds - event.recordedAt.microseconds)
        }
        writer.waitUntilExit()
        return Double(longest) / 1_000
    }

    /// Megabytes per second of lines parsed as JSON by Foundation, and nothing done with them.
    private static func parse(_ files: [URL]) throws -> Double {
        var bytes = 0
        let elapsed = try ContinuousClock().measure {
            for file in files {
                let data = try Data(contentsOf: file)
                bytes += data.count
                for line in data.split(separator: UInt8(ascii: "\n")) {
                    _ = try JSONSerialization.jsonObject(with: line)
                }
            }
        }
        return Double(bytes) / 1_000_000 / elapsed.seconds
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
