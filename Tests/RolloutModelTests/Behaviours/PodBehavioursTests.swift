import Foundation
import RolloutModel
import Testing

@Suite struct PodBehavioursTests {
    private func read(_ rules: String, seed: Int = 0) throws -> PodBehaviours {
        let text = #"{"apiVersion":"shipslog/v1","kind":"PodBehaviours","seed":\#(seed),"rules":[\#(rules)]}"#
        return try PodBehaviours(CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)))
    }

    @Test("every member of a rule is read")
    func complete() throws {
        var slow = PodBehaviour()
        slow.unschedulable = .init(message: "no", duration: .seconds(30))
        slow.start = .init(after: .milliseconds(1500), jitter: .microseconds(1))
        slow.imagePull = .init(
            message: "gone", failures: 2, backOff: .init(first: .seconds(1), longest: .seconds(60)))
        slow.ready = .init(
            delay: .init(after: .seconds(1)), flips: .init(every: .seconds(5), duration: .seconds(1), times: 2))
        slow.exit = .init(
            delay: .init(after: .seconds(2)), code: 137, reason: "OOMKilled", times: 3,
            backOff: .init(first: .seconds(600), longest: .seconds(600)))
        slow.termination = .init(delay: .init(after: .seconds(3)), ignoresSIGTERM: true)
        let match = PodMatch(
            image: Pattern("*:bad"), namespace: "shop", name: Pattern("web-*"), labels: ["app": "web"], revision: 3)
        var stuck = PodBehaviour()
        stuck.ready = nil
        let behaviours = try read(
            #"""
            {"match": {"image": "*:bad", "namespace": "shop", "name": "web-*", "labels": {"app": "web"}, "revision": 3},
             "unschedulable": {"message": "no", "for": "30s"}, "start": {"after": "1s500ms", "jitter": "1us"},
             "imagePull": {"message": "gone", "failures": 2, "backOff": "1s", "maxBackOff": "1m"},
             "ready": {"after": "1s", "flips": {"every": "5s", "for": "1s", "times": 2}},
             "exit": {"after": "2s", "reason": "OOMKilled", "times": 3, "backOff": "10m"},
             "termination": {"after": "3s", "ignoresSIGTERM": true}},
            {"ready": "never"}, {}
            """#, seed: 7)
        #expect(
            behaviours
                == PodBehaviours(
                    seed: 7,
                    rules: [
                        .init(match: match, behaviour: slow), .init(behaviour: stuck), .init(behaviour: PodBehaviour()),
                    ]))
    }

    @Test(
        "what is wrong is refused, and the error says where",
        arguments: [
            (#"{"redy": "never"}"#, #"There is no key "redy" in rules[0]."#),
            (#"{}, {"match": {"label": {}}}"#, #"There is no key "label" in rules[1].match."#),
            (#"{"ready": "soon"}"#, "rules[0].ready must be an object, with keys and values."),
            (#"{"start": {"after": 5}}"#, "rules[0].start.after must be a length of time such as 500ms, 2s or 1m30s."),
            (
                #"{"start": {"after": "-5s"}}"#,
                "rules[0].start.after must be a length of time such as 500ms, 2s or 1m30s."
            ),
            (#"{"exit": {"code": 256}}"#, "rules[0].exit.code must be a whole number from 0 to 255."),
            (#"{"exit": {"backOff": "0s"}}"#, "rules[0].exit.backOff must be above zero."),
            (
                #"{"ready": {"flips": {"for": "1s"}}}"#,
                "rules[0].ready.flips.every must be a length of time above zero."
            ),
            (#"{"match": {"revision": 0}}"#, "rules[0].match.revision must be a whole number from 1 to \(Int.max)."),
            (
                #"{"match": {"labels": {"a": 1}}}"#,
                "rules[0].match.labels must be keys with texts (quote what looks like a number)."
            ),
            (
                #"{"termination": {"ignoresSIGTERM": "yes"}}"#,
                "rules[0].termination.ignoresSIGTERM must be true or false."
            ),
            (#"[]"#, "rules[0] must be an object, with keys and values."),
        ])
    func wrong(rules: String, message: String) throws {
        let error = #expect(throws: ShipslogError.self) { try read(rules) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == message)
    }

    @Test("a document of another kind is refused")
    func otherKind() {
        let error = #expect(throws: ShipslogError.self) {
            try PodBehaviours(.object(["apiVersion": .string("v1"), "kind": .string("Pod")]))
        }
        #expect(error?.message == "The document must have apiVersion: shipslog/v1 and kind: PodBehaviours.")
    }

    @Test("the first rule that matches counts")
    func firstMatch() {
        var never = PodBehaviour()
        never.ready = nil
        let behaviours = PodBehaviours(rules: [
            .init(match: PodMatch(labels: ["app": "web"], revision: 2), behaviour: never),
            .init(match: PodMatch(namespace: "mall"), behaviour: never),
            .init(match: PodMatch(name: Pattern("web-*")), behaviour: PodBehaviour()),
        ])
        func isReady(revision: Int, labels: [String: String], namespace: String = "shop") -> Bool? {
            let pod = PodTraits(
                namespace: namespace, name: "web-1", labels: labels, images: ["nginx"], owner: "web", revision: revision
            )
            var life = behaviours.life(of: pod, from: Timestamp(microseconds: 0))
            return life.next()?.isReady
        }
        #expect(isReady(revision: 2, labels: ["app": "web", "x": "y"]) == false)
        #expect(isReady(revision: 1, labels: ["app": "web"]) == true)
        #expect(isReady(revision: 2, labels: [:]) == true)
        #expect(isReady(revision: 2, labels: [:], namespace: "mall") == false)
    }

    @Test(
        "a star stands for any characters, also none",
        arguments: [
            ("nginx:1", "nginx:1", true), ("nginx:1", "nginx:12", false), ("*:bad", "a/b:bad", true),
            ("*:bad", ":bad", true), ("*:bad", "a:bad2", false), ("web-*", "web-", true), ("web-*", "we", false),
            ("a*b*c", "abc", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "acb", false), ("ab*ba", "aba", false),
            ("*", "", true), ("**", "x", true), ("", "x", false),
        ])
    func patterns(pattern: String, text: String, matches: Bool) {
        #expect(Pattern(pattern).matches(text) == matches)
    }
}
