#if Network
    import EventLedger
    import Foundation
    import KubernetesClient
    import RolloutModel
    import ShipslogTesting
    import Testing

    @testable import ShipslogCommands

    @Suite(
        "Runs in processes of their own", .enabled(if: ControlPlane.isWanted, "SHIPSLOG_SKIP_CLUSTER is set."))
    struct RunProcessTests {
        /// Starts the program.
        private func start(_ arguments: [String], on stage: RunStage) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: builtProgram)
            process.arguments = stage.complete(arguments)
            process.environment = ["USER": "alice"]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            let errors = stage.ledger.path + ".errors"
            try Data().write(to: URL(filePath: errors))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
            try process.run()
            return process
        }

        /// Waits for an event of a type, and says what the program said last if it does not come.
        private func wait(for type: String, of stream: StreamName, in stage: RunStage) async throws {
            do {
                try await eventually("there is a \(type)") { try await count(type, of: stream, in: stage) == 1 }
            } catch {
                Issue.record("It said: \(try String(contentsOfFile: stage.ledger.path + ".errors", encoding: .utf8))")
                throw error
            }
        }

        private func count(_ type: String, of stream: StreamName, in stage: RunStage) async throws -> Int {
            var count = 0
            let query = EventQuery(streams: [stream], types: [EventType(rawValue: type)])
            for try await _ in stage.ledger.ledger.events(query) { count += 1 }
            return count
        }

        @Test("a process that is killed is known to be dead, and the next one goes on where it was")
        func killed() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("shop-blue", replicas: 1, labels: ["app": "shop", "version": "blue"])
                try await stage.serve("shop", selecting: ["app": "shop", "version": "blue"])
                let service = stage.stream("service", "shop")
                let process = try start(
                    ["rollout", "blue-green", "--service", "shop", "--image", "nginx:2", "--keep", "1h"], on: stage)
                defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
                try await wait(for: "service.selector_switched", of: service, in: stage)
                let refused = await stage.shipslog(["resume"])
                #expect(refused.status == 1)
                #expect(
                    refused.notices.contains(
                        "works on deploy/shop-blue, as the Lease shipslog.deployment.shop-blue tells."),
                    "\(refused)")
                kill(process.processIdentifier, SIGKILL)
                try await eventually("the process has ended") { !process.isRunning }
                let promoted = await ShipslogCommandsTests.shipslog(
                    ["rollout", "promote", "svc/shop"], ledger: stage.ledger.path)
                #expect(promoted.notices == "svc/shop is to go on at once\n")
                let resumed = await stage.shipslog(["resume"])
                #expect(resumed.status == 0, "\(resumed)")
                #expect(resumed.output == "svc/shop@1 succeeded: version=blue → version=green\n")
                #expect(try await count("service.selector_switched", of: service, in: stage) == 1)
                #expect(try await count("rollout.succeeded", of: service, in: stage) == 1)
                #expect(try stage.ledger.ledger.verify().isSound)
            }
        }

        @Test("a run is paused, promoted and given up from another process")
        func requests() async throws {
            try await RunStage().play { stage in
                try await stage.deploy("web", replicas: 2)
                try await stage.serve("web", selecting: ["app": "web"])
                let verb = [
                    "rollout", "canary", "--stable", "deploy/web", "--steps", "50%", "--pause", "1h", "--image",
                ]
                let first = try start(verb + ["nginx:2"], on: stage)
                defer { if first.isRunning { kill(first.processIdentifier, SIGKILL) } }
                try await wait(
                    for: "rollout.step_completed", of: stage.stream("deployment", "web"), in: stage)
                func ask(_ arguments: [String]) async throws -> String {
                    try await Program.inBackground(
                        "/usr/bin/env",
                        ["-u", "HOME", "-u", "XDG_STATE_HOME", "USER=bob", builtProgram, "rollout"] + arguments
                            + ["--ledger", stage.ledger.path]
                    ).errors
                }
                #expect(try await ask(["pause", "deploy/web"]) == "deploy/web is to wait\n")
                #expect(try await ask(["resume", "deploy/web"]) == "deploy/web is to go on\n")
                #expect(try await ask(["promote", "deploy/web"]) == "deploy/web is to go on at once\n")
                try await eventually("the run ends") { !first.isRunning }
                #expect(first.terminationStatus == 0)
                #expect(try await stage.image(.deployments, "web-canary") == "nginx:2")

                let second = try start(
                    [
                        "rollout", "canary", "--stable", "deploy/web-canary", "--steps", "50%", "--pause", "1h",
                        "--image", "nginx:3",
                    ], on: stage)
                defer { if second.isRunning { kill(second.processIdentifier, SIGKILL) } }
                try await wait(
                    for: "rollout.step_completed", of: stage.stream("deployment", "web-canary"), in: stage)
                let aborted = try await ask(["abort", "deploy/web-canary", "--reason", "no"])
                #expect(aborted == "deploy/web-canary is to go back\n")
                try await eventually("the run ends") { !second.isRunning }
                #expect(second.terminationStatus == 1)
                let runs = RunCatalog(ledger: stage.ledger.ledger)
                let ended = try await runs.newest(of: stage.stream("deployment", "web-canary"))
                #expect(ended?.end == RolloutRun.End(outcome: .aborted, reason: "bob gave it up: no"))
                let replicas = try await stage.place.cluster.list(
                    ClusterSelection(.deployments, namespace: stage.namespace)
                ).map { $0["spec"]?["replicas"] }
                #expect(replicas == [0, 2])
            }
        }

        @Test("Ctrl-C on a terminal asks what to do: the run goes on, back, or is left to be resumed")
        func interruption() async throws {
            try await RunStage().play { stage in
                for name in ["back", "left"] {
                    try await stage.deploy(name, replicas: 2)
                    try await stage.serve(name, selecting: ["app": .string(name)])
                }
                func play(_ name: String, _ answers: String) async throws -> String {
                    let arguments = stage.complete([
                        "rollout", "canary", "--stable", "deploy/\(name)", "--steps", "50%", "--pause", "1h", "--image",
                        "nginx:2",
                    ])
                    return try await playOnTerminal(arguments, answers)
                }
                let question = "[g/p/b/l] "
                async let back = play(
                    "back",
                    "[y/N] =>y|;waiting: 50%=>^C;\(question)=>x|;\(question)=>g|;It goes on.=>^C;\(question)=>b|")
                async let left = play("left", "[y/N] =>y|;waiting: 50%=>^C;\(question)=>l|")
                let (wentBack, wasLeft) = try await (back, left)
                #expect(wentBack.contains("About to have deploy/back-canary take over from deploy/back"), "\(wentBack)")
                #expect(wentBack.contains("deploy/back serves alone again"), "\(wentBack)")
                #expect(wentBack.hasSuffix("exit 1\n"), "\(wentBack)")
                #expect(wasLeft.contains("`shipslog resume deploy/left` goes on with it."), "\(wasLeft)")
                #expect(wasLeft.hasSuffix("exit 130\n"), "\(wasLeft)")
                let open = try await RunCatalog(ledger: stage.ledger.ledger).open()
                #expect(open.map(\.stream) == [stage.stream("deployment", "left")])
            }
        }
    }
#endif
