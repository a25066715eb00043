// swift-tools-version: 6.2
import Foundation
import PackageDescription

// CI sets this, so that a warning of ours fails there without getting in the way of work in progress.
let warningsAreErrors = ProcessInfo.processInfo.environment["SHIPSLOG_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.unsafeFlags(["-warnings-as-errors"])] : [])

// What speaks to a cluster over the network takes minutes to build. Without this trait (`--disable-default-traits`)
// everything that works on saved streams and on the ledger is still there.
let network = TargetDependencyCondition.when(traits: ["Network"])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client", condition: network)
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird", condition: network)
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird", condition: network)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log", condition: network)
let nio = ["NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOPosix"].map {
    Target.Dependency.product(name: $0, package: "swift-nio", condition: network)
}
let nioCompression = Target.Dependency.product(
    name: "NIOHTTPCompression", package: "swift-nio-extras", condition: network)
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl", condition: network)
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: network)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "shipslog",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "shipslog", targets: ["shipslog"]),
        .library(name: "RolloutModel", targets: ["RolloutModel"]),
        .library(name: "EventLedger", targets: ["EventLedger"]),
    ],
    traits: [
        .trait(name: "Network", description: "Record, change and replay on a live cluster."),
        .default(enabledTraits: ["Network"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "RolloutModel", dependencies: [crypto], swiftSettings: settings),
        .target(
            name: "LedgerSchema",
            path: "schema",
            exclude: ["README.md", "examples"],
            resources: [
                .embedInCode("migrations"), .embedInCode("events"), .embedInCode("input"), .embedInCode("output"),
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "EventLedger",
            dependencies: ["RolloutModel", "LedgerSchema", "CSQLite", crypto, grdb],
            swiftSettings: settings
        ),
        .target(
            name: "KubernetesClient",
            dependencies: ["RolloutModel", asyncHTTPClient, crypto, logging, nioCompression, nioSSL, yams] + nio,
            swiftSettings: settings
        ),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Recording", dependencies: ["RolloutModel", "KubernetesClient", "CZlib"], swiftSettings: settings),
        .target(name: "PretendNodes", dependencies: ["RolloutModel", "KubernetesClient"], swiftSettings: settings),
        .target(name: "RolloutEngine", dependencies: ["RolloutModel"], swiftSettings: settings),
        .target(name: "Replay", dependencies: ["RolloutModel", "ClusterSimulator"], swiftSettings: settings),
        .target(name: "ClusterSimulator", dependencies: ["RolloutModel"], swiftSettings: settings),
        .target(
            name: "ShipslogCommands",
            dependencies: [
                "RolloutModel", "LedgerSchema", "EventLedger", "KubernetesClient", "PretendNodes", "Recording",
                "Replay", "RolloutEngine", "ClusterSimulator",
                argumentParser, asyncHTTPClient, yams, hummingbird, hummingbirdTLS, logging, nioSSL, serviceLifecycle,
            ] + nio,
            swiftSettings: settings
        ),
        .executableTarget(name: "shipslog", dependencies: ["ShipslogCommands"], swiftSettings: settings),
        .target(
            name: "ShipslogTesting",
            dependencies: ["RolloutModel", "LedgerSchema", "EventLedger", "Recording"] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "RolloutModelTests",
            dependencies: ["RolloutModel", "LedgerSchema", "ShipslogTesting"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ledger-workload",
            dependencies: ["EventLedger", "RolloutModel", "ShipslogTesting"],
            path: "Tests/LedgerWorkload",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventLedgerTests",
            dependencies: [
                "EventLedger", "RolloutModel", "LedgerSchema", "Recording", "ShipslogTesting", "ledger-workload", grdb,
            ],
            resources: [.copy("MerkleTree/rfc6962-vectors.json")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KubernetesClientTests",
            dependencies: ["KubernetesClient", "RolloutModel", "ShipslogTesting", nioSSL] + nio,
            swiftSettings: settings
        ),
        .testTarget(
            name: "RecordingTests",
            dependencies: ["Recording", "EventLedger", "KubernetesClient", "ShipslogTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PretendNodesTests",
            dependencies: ["PretendNodes", "KubernetesClient", "RolloutModel", "ShipslogTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ClusterSimulatorTests",
            dependencies: [
                "ClusterSimulator", "EventLedger", "KubernetesClient", "PretendNodes", "Recording", "RolloutModel",
                "ShipslogTesting",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ReplayTests",
            dependencies: [
                "ClusterSimulator", "EventLedger", "KubernetesClient", "PretendNodes", "Recording", "Replay",
                "RolloutModel", "ShipslogTesting",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ShipslogCommandsTests",
            dependencies: [
                "ShipslogCommands", "LedgerSchema", "EventLedger", "KubernetesClient", "PretendNodes", "Replay",
                "RolloutEngine",
                "ShipslogTesting", "shipslog",
                argumentParser, asyncHTTPClient,
            ] + nio,
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bench",
            dependencies: ["ClusterSimulator", "EventLedger", "KubernetesClient", "Replay", "RolloutModel"],
            path: "tools/bench",
            exclude: ["README.md", "baseline", "live", "run"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
