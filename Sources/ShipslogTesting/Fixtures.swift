import Foundation

/// The files that ship with the tests.
public enum Fixtures {
    /// `Tests/Fixtures` of the checkout that this was compiled from.
    public static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Tests/Fixtures")

    /// A file by its path below `Tests/Fixtures`.
    public static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

    /// The watch streams of one recording, in the order of their names.
    public static func watchStreams(of recording: String) -> [String] {
        ["deployments", "endpointslices", "events", "pods", "replicasets", "services"].map {
            url("\(recording)/\($0).watch.jsonl").path
        }
    }
}
