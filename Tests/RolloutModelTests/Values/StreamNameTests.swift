import Foundation
import RolloutModel
import Testing

@Suite struct StreamNameTests {
    @Test("the four parts are read and written")
    func roundTrip() throws {
        let name = try #require(StreamName("prod eu/shop/deployment/web.v1"))
        #expect(name == StreamName(cluster: "prod eu", namespace: "shop", kind: "deployment", name: "web.v1"))
        #expect(name.description == "prod eu/shop/deployment/web.v1")
        #expect(name.subject == "deployment/web.v1")
        let json = try CanonicalJSON.encode([name])
        #expect(String(decoding: json, as: UTF8.self) == #"["prod eu/shop/deployment/web.v1"]"#)
        #expect(try CanonicalJSON.decode([StreamName].self, from: json) == [name])
    }

    @Test(
        "anything but four sound parts is refused",
        arguments: [
            "", "web", "a/b/c", "a/b/c/d/e", "/b/c/d", "a//c/d", "a/b//d", "a/b/c/", "a/b/c/d\n", "a/b/c/\u{7F}",
            "a\u{1}/b/c/d", "a/b/c/" + String(repeating: "d", count: 254),
        ]
    )
    func refuses(text: String) {
        #expect(StreamName(text) == nil)
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 4 { #expect(StreamName(checking: parts[0], parts[1], parts[2], parts[3]) == nil) }
        #expect(throws: DecodingError.self) {
            try CanonicalJSON.decode([StreamName].self, from: CanonicalJSON.encode([text]))
        }
    }

    @Test("names are ordered by cluster, namespace, kind, name")
    func ordered() {
        let names = ["a/b/c/e", "b/a/a/a", "a/b/d/a", "a/b/c/d", "a/c/a/a"].compactMap { StreamName($0) }
        #expect(names.sorted().map(\.description) == ["a/b/c/d", "a/b/c/e", "a/b/d/a", "a/c/a/a", "b/a/a/a"])
    }

    @Test("making a name of unsound parts is a programmer's error")
    func precondition() async {
        await #expect(processExitsWith: .failure) {
            _ = StreamName(cluster: "a/b", namespace: "shop", kind: "deployment", name: "web")
        }
    }
}
