import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("What if")
struct WhatIfTests {
    private func rows(_ arguments: [String], _ ledger: TemporaryLedger) async throws -> [String] {
        let result = await shipslog(["what-if"] + arguments + ["-o", "json"], ledger: ledger.path)
        #expect(result.status == 0, "\(result)")
        let document = try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
        func number(_ value: JSONValue?) -> String {
            value.map { JSONText.line($0["median"] ?? .null) } ?? "-"
        }
        return ([document["unchanged"] ?? .null] + (document["variants"]?.array ?? [])).map { row in
            let best = row["paretoBest"] == true ? "*" : ""
            return
                "\(row["variant"]?.string ?? "")\(best): \(row["outcome"]?.string ?? "") ready \(number(row["lowestReady"])) "
                + "pods \(number(row["mostPods"])) nothing \(number(row["nothingReadySeconds"]))"
        }
    }

    @Test("more surge keeps more pods ready, and nothing makes a bad image good")
    func settings() async throws {
        let ledger = try await recordedLedger()
        #expect(
            try await rows(["deploy/web@3", "--max-unavailable", "0", "--max-surge", "2"], ledger) == [
                ": failed ready 3 pods 6 nothing 0",
                "max-surge 2, max-unavailable 0: failed ready 4 pods 6 nothing 0",
            ])
    }

    @Test("another strategy has its own price")
    func strategies() async throws {
        let ledger = try await recordedLedger()
        let swept = try await rows(
            ["deploy/web@2", "--sweep", "strategy=rolling,recreate,blue-green,canary"], ledger)
        #expect(
            swept.map { $0.replacing(#/ nothing [1-9][0-9.]*/#, with: " nothing some") } == [
                ": succeeded ready 3 pods 6 nothing 0",
                "strategy blue-green*: succeeded ready 4 pods 8 nothing 0",
                "strategy canary*: succeeded ready 4 pods 7 nothing 0",
                "strategy rolling*: succeeded ready 3 pods 6 nothing 0",
                "strategy recreate*: succeeded ready 0 pods 4 nothing some",
            ])
    }

    @Test(
        "a second Deployment takes over whatever the number of pods, and the old pods stay until the new ones are there"
    )
    func takeOver() async throws {
        let ledger = try await recordedLedger()
        for strategy in ["blue-green", "canary"] {
            for replicas in [0, 1, 2, 3] {
                let arguments = ["deploy/web@2", "--strategy", strategy, "--replicas", "\(replicas)", "-o", "json"]
                let result = await shipslog(["what-if"] + arguments, ledger: ledger.path)
                let document = try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
                let row = try #require(document["variants"]?.array?.first)
                let seconds: Double? =
                    switch row["seconds"]?["median"] {
                    case .integer(let whole): Double(whole)
                    case .number(let number): Double(number)
                    default: nil
                    }
                #expect(row["outcome"] == "succeeded", "\(arguments)")
                #expect(try #require(seconds) < 30, "\(arguments)")
                #expect(row["lowestReady"]?["median"] == .integer(Int64(replicas)), "\(arguments)")
            }
        }
        #expect(
            try await rows(["deploy/web@3", "--strategy", "blue-green", "--progress-deadline", "2h"], ledger).last
                == "strategy blue-green, progress-deadline 7200s: running ready 4 pods 8 nothing 0")
    }

    @Test("other lives for an image, and other numbers, change the outcome")
    func lives() async throws {
        let ledger = try await recordedLedger()
        let file = ledger.folder.file("well.yaml")
        let text = """
            apiVersion: shipslog/v1
            kind: PodBehaviours
            rules:
              - match: {image: "nginx:bad"}
                ready: {after: 1s}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        #expect(
            try await rows(["deploy/web@3", "--image-behaves", file, "--replicas", "8"], ledger) == [
                ": failed ready 3 pods 6 nothing 0",
                "replicas 8, image-behaves as given*: succeeded ready 6 pods 14 nothing 0",
            ])
    }

    @Test("a sweep tries every combination, and marks those that no other beats")
    func sweep() async throws {
        let ledger = try await recordedLedger()
        let tried = try await rows(
            ["deploy/web@2", "--sweep", "max-surge=1,50%", "--sweep", "max-unavailable=0,1"], ledger)
        #expect(
            tried == [
                ": succeeded ready 3 pods 6 nothing 0",
                "max-surge 50%, max-unavailable 0*: succeeded ready 4 pods 7 nothing 0",
                "max-surge 1, max-unavailable 0*: succeeded ready 4 pods 6 nothing 0",
                "max-surge 50%, max-unavailable 1*: succeeded ready 3 pods 7 nothing 0",
                "max-surge 1, max-unavailable 1*: succeeded ready 3 pods 6 nothing 0",
            ])
    }

    @Test("with seeds the spread is told, and the same each time")
    func seeds() async throws {
        let ledger = try await recordedLedger()
        let command = ["what-if", "deploy/web-canary@4", "--max-surge", "3", "--seeds", "30", "-o", "json"]
        let result = await shipslog(command, ledger: ledger.path)
        #expect(result.status == 0)
        #expect(await shipslog(command, ledger: ledger.path) == result)
        let document = try CanonicalJSON.decode(JSONValue.self, from: Data(result.output.utf8))
        let variant = document["variants"]?.array?.first
        #expect(variant?["seeds"] == 30 && variant?["agreeing"] == 30)
        #expect(variant?["seconds"]?["least"] != variant?["seconds"]?["most"])
    }

    @Test(
        "what cannot be asked is said in a sentence",
        arguments: [
            (["svc/cart@1", "--replicas", "2"], "svc/cart@1 is no rollout of a Deployment"),
            (["deploy/web@2"], "Say what is to be changed"),
            (["deploy/web@2", "--max-surge", "120%"], "max-surge must be a number of pods or a percentage up to 100%"),
            (["deploy/web@2", "--sweep", "speed=1"], "The value 'speed=1' is invalid for '--sweep"),
            (["deploy/web@2", "--sweep", "strategy=magic"], "strategy must be one of rolling, recreate"),
            (["deploy/web@2", "--max-surge", "0", "--max-unavailable", "0"], "The cluster would refuse this"),
            (["deploy/web@2", "--progress-deadline", "1s", "--min-ready", "10s"], "The cluster would refuse this"),
            (["deploy/web@1", "--strategy", "canary"], "there is nothing that a second one could take over."),
            (
                ["deploy/web@2"] + (0..<64).flatMap { _ in ["--sweep", "max-surge=1,2"] },
                "The sweeps make over 10000 variants, the most that can be tried at once."
            ),
            (["deploy/web@2", "--image-behaves", "/nowhere.yaml"], "The file /nowhere.yaml cannot be read"),
        ] as [([String], String)])
    func refused(arguments: [String], words: String) async throws {
        let ledger = try await recordedLedger()
        let result = await shipslog(["what-if"] + arguments, ledger: ledger.path)
        #expect(result.status != 0)
        #expect(result.notices.contains(words), "\(result.notices)")
    }
}
