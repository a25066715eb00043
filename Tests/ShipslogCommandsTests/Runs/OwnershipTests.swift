import EventLedger
import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import ShipslogCommands

@Suite("What others look after")
struct OwnershipTests {
    private func scenario(_ folder: TemporaryFolder, metadata: String = "", more: String = "") throws -> String {
        let path = folder.file("owned.yaml")
        try Data(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: owned\(metadata)}
            spec:
              replicas: 2
              selector: {matchLabels: {app: owned}}
              template:
                metadata: {labels: {app: owned}}
                spec: {containers: [{name: web, image: "web:1"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: owned}
            spec: {selector: {app: owned}}
            \(more)
            """.utf8
        ).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static let verbs = [
        ["rolling", "deploy/owned", "--image", "web:2"], ["recreate", "deploy/owned", "--image", "web:2"],
        ["canary", "--stable", "deploy/owned", "--image", "web:2", "--pause", "0s"],
    ]

    @Test(
        "is left alone unless it is forced, and the tool is named",
        arguments: [
            (#", annotations: {meta.helm.sh/release-name: shop}"#, "Helm"),
            (#", labels: {argocd.argoproj.io/instance: shop}"#, "Argo CD"),
            (#", labels: {kustomize.toolkit.fluxcd.io/name: shop}"#, "Flux"),
        ])
    func tools(metadata: String, tool: String) async throws {
        let folder = try TemporaryFolder()
        let path = try scenario(folder, metadata: metadata)
        for verb in Self.verbs {
            let stage = try SimulatedStage()
            let refused = await stage.shipslog(["rollout"] + verb, scenario: path)
            #expect(refused.status == 1)
            #expect(
                refused.notices.hasSuffix(
                    "error: deploy/owned is looked after by \(tool), which may undo what is changed here.\nRelease it with \(tool), or give --force.\n"
                ), "\(verb): \(refused)")
            #expect(try stage.ledger.ledger.head().size == 0)
            let forced = await stage.shipslog(["rollout"] + verb + ["--force"], scenario: path)
            #expect(forced.status == 0, "\(verb): \(forced)")
        }
    }

    @Test("an autoscaler is in the way of what changes the number of pods, and is named to others")
    func autoscalers() async throws {
        let folder = try TemporaryFolder()
        let path = try scenario(
            folder,
            more: """
                ---
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: scaler}
                spec: {scaleTargetRef: {kind: Deployment, name: owned}}
                """)
        let canary = try await SimulatedStage().shipslog(["rollout"] + Self.verbs[2], scenario: path)
        #expect(canary.status == 1)
        #expect(
            canary.notices
                == "error: deploy/owned is scaled by the HorizontalPodAutoscaler scaler, which may undo what is changed here.\nDelete it for the time being, or give --force.\n"
        )
        let rolling = try await SimulatedStage().shipslog(["rollout"] + Self.verbs[0], scenario: path)
        #expect(rolling.status == 0)
        #expect(rolling.notices.hasPrefix("The HorizontalPodAutoscaler scaler may scale deploy/owned meanwhile.\n"))
    }

    @Test("who applies files is told that the next one undoes what is rolled out")
    func files() async throws {
        let folder = try TemporaryFolder()
        let path = try scenario(
            folder, metadata: ", annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}")
        let result = try await SimulatedStage().shipslog(["rollout"] + Self.verbs[0], scenario: path)
        #expect(result.status == 0)
        #expect(
            result.notices.hasPrefix(
                "warning: deploy/owned was made by `kubectl apply`: change its file too, or the next apply undoes this\n"
            ))
    }
}
