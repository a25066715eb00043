import RolloutModel
import Testing

@Suite struct LabelSelectorTests {
    static let objects: [String: [String: String]] = [
        "web": ["app": "web", "env": "prod", "example.com/team": "storefront"], "cart": ["app": "cart", "env": "test"],
        "bare": [:], "empty": ["app": ""],
    ]

    @Test(
        "a selector chooses as kubectl's would",
        arguments: [
            ("app=web", ["web"]), ("app==web", ["web"]), ("app!=web", ["bare", "cart", "empty"]),
            ("app", ["cart", "empty", "web"]), ("!app", ["bare"]), ("! app", ["bare"]),
            ("env in (prod, test)", ["cart", "web"]), ("env in(prod)", ["web"]),
            ("env notin (prod)", ["bare", "cart", "empty"]), ("app=web,env=prod", ["web"]),
            (" app = web , env in (prod,test) ", ["web"]), ("app=web,env=test", []), ("app=", ["empty"]),
            ("example.com/team=storefront", ["web"]), ("in=web", []), ("notin", []),
        ])
    func chooses(text: String, expected: [String]) throws {
        let selector = try LabelSelector(text)
        #expect(Self.objects.filter { selector.matches($0.value) }.keys.sorted() == expected)
    }

    @Test(
        "what is no selector is refused, with the part that is wrong",
        arguments: [
            ("", ""), ("app=web,", ""), ("=web", "=web"), ("a b", "a b"), ("env in prod", "env in prod"),
            ("env in (a", "env in (a"), ("app=we/b", "app=we/b"), ("/app", "/app"), ("app=web=x", "app=web=x"),
        ])
    func refused(text: String, part: String) {
        let error = #expect(throws: ShipslogError.self) { try LabelSelector(text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == "\"\(part)\" is not a requirement on labels.")
    }
}
