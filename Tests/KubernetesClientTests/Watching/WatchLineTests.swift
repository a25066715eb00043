import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import KubernetesClient

#if Network
    import NIOCore
#endif

@Suite("the lines of a watch") struct WatchLineTests {
    private static let pod =
        #"{"kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"7","resourceVersion":"12","labels":{"name":"x"}}}"#
    private static let added = #"{"type":"ADDED","object":\#(pod)}"#

    /// A line in words.
    private func read(_ text: String) throws -> String {
        switch try WatchLine(json: Data(text.utf8)) {
        case .changed(let kind, let object):
            "\(kind) \(object.kind) \(object.namespace ?? "-")/\(object.name) \(object.uid) \(object.resourceVersion) "
                + String(decoding: object.json, as: UTF8.self)
        case .bookmark(let version): "bookmark \(version)"
        case .error(let status): "error \(String(decoding: status, as: UTF8.self))"
        }
    }

    @Test func kinds() throws {
        #expect(try read(Self.added) == "added Pod shop/web 7 12 \(Self.pod)")
        #expect(
            try read(#" { "object": \#(Self.pod), "type": "DELETED" } "#) == "deleted Pod shop/web 7 12 \(Self.pod)")
        #expect(try read(#"{"type":"MODIFIED","object":{"metadata":null}}"#) == #"modified  -/   {"metadata":null}"#)
        #expect(
            try read(#"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9"}}}"#)
                == "bookmark 9")
        #expect(try read(#"{"type":"ERROR","object":{"code":410}}"#) == #"error {"code":410}"#)
    }

    @Test(
        "what is no line of a watch is refused",
        arguments: [
            #"{"type":"MOVED","object":{}}"#, #"{"object":{}}"#, #"{"type":"ADDED"}"#, #"{"type":"ADDED","object":7}"#,
            #"{"type":"ADDED","object":[]}"#, pod, "<html>", added + added, added + "x" + added,
        ])
    func malformed(text: String) {
        #expect(throws: (any Error).self) { try read(text) }
    }

    @Test("a line that is cut short anywhere is refused, and no byte of it does harm")
    func damaged() {
        let line = Array(Self.added.utf8)
        for position in line.indices {
            #expect(throws: (any Error).self) { try WatchLine(json: Data(line.prefix(position))) }
            for byte in [0x00, 0x0A, 0x22, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0xFF] as [UInt8] {
                var damaged = line
                damaged[position] = byte
                // It may still be a line; that it is looked at without a fault is enough.
                _ = try? WatchLine(json: Data(damaged))
            }
        }
    }

    #if Network
        @Test("bytes make the same lines in whatever pieces they come", arguments: 0..<30)
        func pieces(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            let lines = ["", "a", "\r", Self.added, String(repeating: "long ", count: 200), "é", ""]
            let text = Array((lines.joined(separator: "\n") + "\nrest").utf8)
            var splitter = LineSplitter()
            var split: [String] = []
            var position = 0
            while position < text.count {
                let end = min(text.count, position + Int.random(in: 1...300, using: &random))
                splitter.append(ByteBuffer(bytes: text[position..<end]))
                position = end
                // Sometimes several pieces come before somebody asks.
                if Bool.random(using: &random) { continue }
                while let line = splitter.next() { split.append(String(decoding: line, as: UTF8.self)) }
            }
            while let line = splitter.next() { split.append(String(decoding: line, as: UTF8.self)) }
            #expect(split == lines)
            #expect(splitter.pending == 4)
        }
    #endif

    @Test("a list is taken apart into whole objects")
    func list() throws {
        let list = try ObjectList(
            json: Data(
                #"""
                {"kind":"PodList","metadata":{"resourceVersion":"7","continue":"abc"},
                 "items":[{"metadata":{"name":"a"}},{"kind":"Other","metadata":{"name":"b"}}]}
                """#.utf8), of: .pods)
        #expect(
            list.objects.map { String(decoding: $0.json, as: UTF8.self) } == [
                #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}"#,
                #"{"kind":"Other","metadata":{"name":"b"}}"#,
            ])
        #expect(list.resourceVersion == "7" && list.continueToken == "abc")
        let empty = try ObjectList(
            json: Data(#"{"metadata":{"resourceVersion":"8","continue":""},"items":null}"#.utf8), of: .pods)
        #expect(empty.objects.isEmpty && empty.resourceVersion == "8" && empty.continueToken == nil)
        for other in ["{}", "[]", #"{"items":[]}"#, #"{"metadata":{},"items":[{]}"#, "<html>"] {
            #expect(throws: (any Error).self) { try ObjectList(json: Data(other.utf8), of: .pods) }
        }
    }
}
