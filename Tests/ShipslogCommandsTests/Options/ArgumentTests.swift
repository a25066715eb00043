import EventLedger
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("Arguments")
struct ArgumentTests {
    @Test(
        "subjects are named as for kubectl",
        arguments: [
            (["deploy/web"], "deployment", "web"), (["Deployment/web"], "deployment", "web"),
            (["deployments", "web"], "deployment", "web"), (["deployments.apps/web"], "deployment", "web"),
            (["svc/cart"], "service", "cart"), (["po", "batch"], "pod", "batch"), (["pods"], "pod", nil),
        ] as [([String], String, String?)])
    func subjects(words: [String], kind: String, name: String?) throws {
        let subject = try SubjectArgument(words)
        #expect(subject.kind == kind)
        #expect(subject.name == name)
    }

    @Test(
        "what names no subject is refused",
        arguments: [["web"], ["rs/web"], ["deploy/"], ["deploy/a/b"], ["deploy/a", "b"], ["deploy", "a", "b"], [""]])
    func noSubjects(words: [String]) {
        #expect(throws: ShipslogError.self) { try SubjectArgument(words) }
    }

    @Test("an HTTPRoute is named where it is asked for, and nowhere else, as it has no rollouts")
    func routes() throws {
        for word in ["httproute", "HTTPRoutes", "httproutes.gateway.networking.k8s.io"] {
            let route = try SubjectArgument(["\(word)/web"], allowsRoutes: true)
            #expect(route.description == "httproute/web")
            #expect(throws: ShipslogError.self) { try SubjectArgument(["\(word)/web"]) }
        }
    }

    @Test("rollouts are named by subject and number")
    func rollouts() throws {
        let web3 = try RolloutArgument(["deploy/web@3"])
        #expect(web3.number == 3)
        #expect(web3.subject.name == "web")
        #expect(try RolloutArgument(["deployment", "web@3"]) == web3)
    }

    @Test(
        "what names no rollout is refused",
        arguments: [
            ["deploy/web"], ["deploy/web@"], ["deploy/web@0"], ["deploy/web@-1"], ["deploy/web@x"], ["deploy@3"],
            ["@3"],
        ])
    func noRollouts(words: [String]) {
        #expect(throws: ShipslogError.self) { try RolloutArgument(words) }
    }

    @Test(
        "times are absolute or ages",
        arguments: [
            ("1970-01-01T00:00:01Z", .absolute(Timestamp(microseconds: 1_000_000))),
            ("1970-01-01 01:00:01+01:00", .absolute(Timestamp(microseconds: 1_000_000))),
            ("1970-01-02", .absolute(Timestamp(microseconds: 86_400_000_000))),
            ("90s", .ago(seconds: 90)), ("2h", .ago(seconds: 7200)), ("1d12h", .ago(seconds: 129_600)),
            ("1w", .ago(seconds: 604_800)), ("5m ago", .ago(seconds: 300)), ("0s", .ago(seconds: 0)),
        ] as [(String, TimeArgument)])
    func times(text: String, time: TimeArgument) {
        #expect(TimeArgument(argument: text) == time)
    }

    @Test(
        "other texts are no times",
        arguments: [
            "", "yesterday", "2h30", "h", "-5m", "2026-13-01", "2026-07-30T25:00:00Z", "1.5h", "12", "99999999999s",
        ])
    func noTimes(text: String) {
        #expect(TimeArgument(argument: text) == nil)
    }

    @Test("a moment is a time or a position")
    func moments() {
        let now = Timestamp(microseconds: 10_000_000)
        #expect(MomentArgument(argument: "12")?.resolved(now: now) == .position(12))
        #expect(MomentArgument(argument: "4s")?.resolved(now: now) == .time(Timestamp(microseconds: 6_000_000)))
        #expect(MomentArgument(argument: "-1") == nil)
    }

    @Test("the only namespace is the default, and \"default\" if there are several")
    func namespaces() {
        let shop = StreamName(cluster: "a", namespace: "shop", kind: "deployment", name: "web")
        let other = StreamName(cluster: "b", namespace: "shop", kind: "service", name: "web")
        let recorder = StreamName(cluster: "a", namespace: "kube-system", kind: "recording", name: "x")
        let system = StreamName(cluster: "a", namespace: "kube-system", kind: "deployment", name: "dns")
        #expect(Scope.defaultNamespace(of: [shop, other, recorder]) == "shop")
        #expect(Scope.defaultNamespace(of: [shop, system]) == "default")
        #expect(Scope.defaultNamespace(of: []) == "default")
    }

    @Test("the ledger is the option, else the variable, else in the data folder")
    func ledgerPath() throws {
        func path(_ option: String?, _ environment: [String: String]) throws -> String {
            var arguments = LedgerArguments()
            arguments.bundle = nil
            arguments.ledger = option
            let sink = TextSink { _ in }
            return try arguments.path(
                in: CommandContext(
                    output: sink, notices: sink, now: { testNow }, environment: environment, currentDirectory: "/here"))
        }
        let all = ["SHIPSLOG_LEDGER": "/l.db", "XDG_DATA_HOME": "/data", "HOME": "/home/a"]
        #expect(try path("x.db", all) == "/here/x.db")
        #expect(try path("~/x.db", all) == "/home/a/x.db")
        #expect(try path(nil, all) == "/l.db")
        #expect(try path(nil, ["XDG_DATA_HOME": "/data", "HOME": "/home/a"]) == "/data/shipslog/ledger.db")
        #expect(
            try path(nil, ["XDG_DATA_HOME": "data", "HOME": "/home/a"]) == "/home/a/.local/share/shipslog/ledger.db")
        #expect(throws: ShipslogError.self) { try path(nil, [:]) }
    }
}
