import ArgumentParser
import RolloutModel

/// The option that says which containers get which images.
struct ImageArguments: ParsableArguments {
    @Option(
        name: .customLong("image"),
        help: ArgumentHelp(
            "A container and its image (web=nginx:1.27), or the image alone where there is one container; may be repeated.",
            valueName: "container=image"))
    var images: [String] = []

    /// - Throws: `ValidationError` if there is none.
    func require() throws {
        if images.isEmpty { throw Self.nothing }
    }

    static let nothing = ValidationError("Nothing is to change: give --image CONTAINER=IMAGE.")

    /// Gives a pod template the images; `nil` if there are none.
    var edit: TemplateEdit? { images.isEmpty ? nil : { try applied(to: $0) } }

    func validate() throws {
        for image in images {
            let parts = image.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty }), !image.contains(where: \.isWhitespace) else {
                throw ValidationError("\"\(image)\" is not CONTAINER=IMAGE.")
            }
        }
    }

    /// A pod template with the images.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if there is no such container, `invalidArgument` if it is not
    ///   said which of several is meant.
    func applied(to template: JSONValue) throws -> JSONValue {
        var template = template
        template["spec"] = try applied(toSpec: template["spec"] ?? [:])
        return template
    }

    /// A pod spec with the images.
    ///
    /// - Throws: As ``applied(to:)``.
    func applied(toSpec spec: JSONValue) throws -> JSONValue {
        var containers = spec["containers"]?.array ?? []
        let names = containers.compactMap { $0["name"]?.string }
        for argument in images {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 || names.count == 1 else {
                throw ShipslogError(
                    .invalidArgument, "It is not said which container is to get \(argument).",
                    hint: "Write CONTAINER=IMAGE; the containers are \(names.joined(separator: ", ")).")
            }
            let name = parts.count == 2 ? parts[0] : names[0]
            guard let index = containers.firstIndex(where: { $0["name"]?.string == name }) else {
                throw ShipslogError(
                    .notFound, "There is no container \(name).",
                    hint: "The containers are \(names.joined(separator: ", ")).")
            }
            containers[index]["image"] = .string(parts[parts.count - 1])
        }
        var spec = spec
        spec["containers"] = .array(containers)
        return spec
    }
}
