import ArgumentParser
import RolloutModel

/// The options that say what is to be run: images, or a file.
struct ManifestArguments: ParsableArguments {
    @OptionGroup var images: ImageArguments

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "A file that holds the manifest of what is to run, in YAML or JSON; - reads standard input.",
            valueName: "file"),
        completion: .file())
    var file: String?

    /// - Throws: `ValidationError` unless there is one of both.
    func require() throws {
        if file == nil, images.images.isEmpty {
            throw ValidationError("Nothing is to change: give --image CONTAINER=IMAGE or -f FILE.")
        }
        if file != nil, !images.images.isEmpty { throw ValidationError("Give either --image or -f, not both.") }
    }

    /// The manifest of an object in the file; `nil` if no file was given.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` or `notFound` if the file does not hold it.
    func manifest(of resource: Resource, _ name: String, in session: RunSession) throws -> JSONValue? {
        guard let file else { return nil }
        let documents = try YAMLInput.documents(at: file == "-" ? file : session.context.absolutePath(file))
        func names(_ document: JSONValue) -> String {
            "\(document["kind"]?.string ?? "an object without a kind") \(document["metadata"]?["name"]?.string ?? "")"
        }
        guard
            let manifest = documents.first(where: {
                $0["kind"]?.string == resource.kind && $0["metadata"]?["name"]?.string == name
            })
        else {
            throw ShipslogError(
                .notFound, "\(file) holds no \(resource.kind) \(name).",
                hint: documents.isEmpty
                    ? "It is empty." : "It holds \(documents.map(names).joined(separator: ", ")).")
        }
        if let namespace = manifest["metadata"]?["namespace"]?.string, namespace != session.place.namespace {
            throw ShipslogError(
                .invalidArgument,
                "\(file) is for the namespace \(namespace), and the rollout for \(session.place.namespace).",
                hint: "Say which one is meant with -n.")
        }
        return manifest
    }
}
