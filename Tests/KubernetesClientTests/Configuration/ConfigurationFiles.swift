import Foundation
import KubernetesClient
import RolloutModel
import ShipslogTesting
import Testing

extension TemporaryFolder {
    /// Writes a file, in folders below this one if its name says so, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = file(name)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        return path
    }
}

extension ClientConfiguration {
    /// What the files of `KUBECONFIG` say, for what a person chose.
    static func load(
        _ paths: String..., choosing change: (inout Choice) -> Void = { _ in }
    ) throws -> ClientConfiguration {
        var choice = Choice()
        change(&choice)
        return try load(
            choice, environment: ["KUBECONFIG": paths.joined(separator: ":")], serviceAccount: "/nowhere")
    }
}

/// The error that some work ends with: its code, what it says and what it advises.
func refusal(
    sourceLocation: SourceLocation = #_sourceLocation, _ work: () async throws -> some Any
) async -> String? {
    await #expect(throws: ShipslogError.self, sourceLocation: sourceLocation) { try await work() }
        .map { "\($0.code): \($0)" }
}
