import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import Recording

/// A folder for one test, removed with it.
final class Scratch {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shipslog-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func file(_ name: String, _ content: Data) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try content.write(to: URL(fileURLWithPath: path))
        return path
    }

    func file(_ name: String, _ content: String) throws -> String { try file(name, Data(content.utf8)) }
}

@Suite struct WatchImportTests {
    private func run(_ paths: [String], strict: Bool = false) async throws -> (WatchImport.Summary, [Event]) {
        let history = FoldedHistory()
        let summary = try await WatchImport(paths: paths, cluster: "c", isStrict: strict).run {
            try await history.append($0)
        }
        return (summary, await history.events.map(\.event))
    }

    private func refusal(_ paths: [String], strict: Bool = false) async throws -> ShipslogError {
        try #require(await #expect(throws: ShipslogError.self) { _ = try await run(paths, strict: strict) })
    }

    @Test("importing the same streams again hands on the same events")
    func again() async throws {
        let paths = Fixtures.watchStreams(of: "kubernetes-1.20")
        let (first, events) = try await run(paths)
        let (second, again) = try await run(paths.reversed())
        #expect(first == second)
        #expect(first.lines == 1086)
        #expect(first.events == events.count)
        #expect(events.map(\.id) == again.map(\.id))
        let (_, twice) = try await run(paths + paths)
        #expect(events.map(\.id) == twice.map(\.id))
    }

    @Test("streams are merged by resourceVersion, each in its own order")
    func order() async throws {
        let scratch = try Scratch()
        let one = try scratch.file(
            "one", Lines.pod("a", uid: "1", version: 5) + "\n" + Lines.pod("b", uid: "2", version: 100) + "\n")
        let two = try scratch.file(
            "two", Lines.pod("c", uid: "3", version: 7) + "\n" + Lines.pod("d", uid: "4", version: 6))
        let (_, events) = try await run([two, one])
        #expect(events.map(\.stream.name) == ["a", "c", "d", "b"])
    }

    @Test("a broken line is named, and the rest goes in")
    func brokenLines() async throws {
        let scratch = try Scratch()
        let good = Lines.pod("a", uid: "1", version: 5)
        let text = [
            good, String(good.dropLast(40)), "", "[]", #"{"kind":"Pod"}"#,
            good.replacingOccurrences(of: #""uid":"1","#, with: ""), Lines.pod("a/b", uid: "9", version: 6),
            Lines.pod("b", uid: "2", version: 6),
        ]
        let path = try scratch.file("pods.jsonl", text.joined(separator: "\n"))
        let (summary, events) = try await run([path])
        #expect(events.map(\.stream.name) == ["a", "b"])
        #expect(
            summary.brokenLines.map(\.description) == [
                "\(path):2: it is not JSON, or cut short",
                "\(path):4: it is no JSON object",
                "\(path):5: it is no watch event: it has no \"type\"",
                "\(path):6: object.metadata.uid is missing",
                "\(path):7: object.metadata.name is not a name that Kubernetes allows",
            ])
        #expect(summary.brokenLineCount == 5)
    }

    @Test("strictly, one broken line keeps everything out")
    func strict() async throws {
        let scratch = try Scratch()
        let path = try scratch.file("pods.jsonl", Lines.pod("a", uid: "1", version: 5) + "\n{")
        let error = try await refusal([path], strict: true)
        #expect(error.code == .invalidArgument)
        #expect(error.message == "\(path):2: it is not JSON, or cut short; nothing was imported.")
        #expect(try await refusal(["-"], strict: true).code == .invalidArgument)
    }

    @Test("a line of over 16 MiB is passed over without being held")
    func longLine() async throws {
        let scratch = try Scratch()
        var content = Data(Lines.pod("a", uid: "1", version: 5).utf8)
        content.append(contentsOf: [0x0A])
        content.append(Data(repeating: 0x78, count: 100 << 20))
        content.append(contentsOf: [0x0A])
        content.append(Data(Lines.pod("b", uid: "2", version: 6).utf8))
        let path = try scratch.file("pods.jsonl", content)
        let (summary, events) = try await run([path])
        #expect(summary.brokenLines.map(\.description) == ["\(path):2: the line is longer than 16 MiB"])
        #expect(events.map(\.stream.name) == ["a", "b"])
    }

    @Test("what is no watch stream is refused in one sentence")
    func noStream() async throws {
        let scratch = try Scratch()
        let empty = try scratch.file("empty", "")
        let binary = try scratch.file("binary", Data((0...255).map { UInt8($0) } + [0x0A, 0, 1]))
        let maps = try scratch.file(
            "maps", #"{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"x","resourceVersion":"1"}}}"#)
        #expect(try await refusal([empty]).message == "There is no watch event in \(empty).")
        #expect(
            try await refusal([maps]).message
                == "There is no watch event in \(maps) of a kind that rollouts touch: they hold ConfigMap.")
        #expect(
            try await refusal([binary]).message
                == "There is no watch event in \(binary); the first line that is none is \(binary):1: it is not JSON, or cut short."
        )
        let missing = scratch.folder.appendingPathComponent("missing").path
        #expect(try await refusal([missing]).code == .notFound)
        #expect(try await refusal([scratch.folder.path]).message == "\(scratch.folder.path) is a folder.")
    }

    @Test("objects of other kinds are counted, and empty files named")
    func others() async throws {
        let scratch = try Scratch()
        let map = #"{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"x"}}}"#
        let mixed = try scratch.file("mixed", [map, Lines.pod("a", uid: "1", version: 5), map].joined(separator: "\n"))
        let empty = try scratch.file("empty", "\n\n")
        let (summary, _) = try await run([mixed, empty])
        #expect(summary.ignoredKinds == ["ConfigMap": 2])
        #expect(summary.emptyFiles == [empty])
    }

    @Test("an ERROR in a stream becomes a gap")
    func gap() async throws {
        let scratch = try Scratch()
        let error =
            #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}"#
        let path = try scratch.file(
            "pods",
            [Lines.pod("a", uid: "1", version: 5), error, Lines.pod("b", uid: "2", version: 90)].joined(separator: "\n")
        )
        let (_, events) = try await run([path])
        #expect(
            events.map { "\($0.stream.subject) \($0.type) \($0.isInferred)" } == [
                "pod/a pod.created false", "recording/pods recording.gap false", "pod/b pod.created true",
            ])
    }

    @Test("what cannot be appended ends the import with its own error")
    func appendFails() async throws {
        struct Full: Error {}
        let paths = Fixtures.watchStreams(of: "kubernetes-1.20")
        await #expect(throws: Full.self) {
            _ = try await WatchImport(paths: paths, cluster: "c").run { _ in throw Full() }
        }
    }
}
