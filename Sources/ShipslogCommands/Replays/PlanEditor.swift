import Foundation
import Replay
import RolloutModel

/// Lets a person change a plan in their editor.
struct PlanEditor {
    let context: CommandContext

    /// The plan as the person left it.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if there is no editor, or what was left is no plan;
    ///   `conflict` if the editor failed or left nothing.
    func edited(_ plan: ReplayPlan) throws -> ReplayPlan {
        let editor = [context.environment["VISUAL"], context.environment["EDITOR"]].compactMap { $0?.nonEmpty }.first
        guard let editor else {
            throw ShipslogError(
                .invalidArgument, "Nothing says which editor to use: neither VISUAL nor EDITOR is set.",
                hint: "Set one, or print the plan with `shipslog plan -o yaml` and hand it in with --plan.")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shipslog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("plan.yaml")
        try Data(YAMLText.document(plan.document).utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // EDITOR may have arguments of its own.
        process.arguments = ["-c", "\(editor) \"$0\"", file.path]
        process.environment = context.environment
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ShipslogError(
                .conflict, "The editor \(editor) ended with \(process.terminationStatus), so nothing was replayed.")
        }
        return try YAMLInput.document(
            YAMLInput.text(at: file.path), name: "the plan", kind: ReplayPlan.kind
        ) { try ReplayPlan($0) }
    }
}
