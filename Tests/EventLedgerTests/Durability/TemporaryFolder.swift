import Foundation

/// Calls a function with a new folder, which is removed afterwards.
///
/// - Parameter isInMemory: Whether the folder is to be in memory, where waiting for the disk costs nothing.
func withTemporaryFolder<Result>(isInMemory: Bool = false, _ body: (URL) async throws -> Result) async throws -> Result
{
    let folder = (isInMemory ? URL(filePath: "/dev/shm") : .temporaryDirectory).appending(
        path: "shipslog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// Whether the long forms of tests are asked for, which try every point instead of a sample.
let isLongForm = ProcessInfo.processInfo.environment["SHIPSLOG_TEST_LONG"] == "1"

/// The program that appends a workload, which SwiftPM builds beside the tests.
let workloadProgram = Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "ledger-workload").path
