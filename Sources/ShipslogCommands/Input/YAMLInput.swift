import Foundation
import RolloutModel
import Yams

/// YAML and JSON as people hand them in: JSON is YAML too.
enum YAMLInput {
    /// The documents of a file, without those that say nothing.
    ///
    /// - Parameter path: `-` reads standard input.
    /// - Throws: ``ShipslogError`` with code `notFound` if the file cannot be read, `invalidArgument` if it is no YAML.
    static func documents(at path: String) throws -> [JSONValue] {
        try documents(text(at: path), name: path)
    }

    /// The text of a file.
    ///
    /// - Parameter path: `-` reads standard input.
    /// - Throws: ``ShipslogError`` with code `notFound` if the file cannot be read.
    static func text(at path: String) throws -> String {
        let data: Data
        do {
            // By a handle, since a shell may hand in a pipe.
            let file =
                try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try file.readToEnd() ?? Data()
        } catch {
            throw ShipslogError(.notFound, "The file \(path) cannot be read: \(error.localizedDescription)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The documents of a text, without those that say nothing.
    ///
    /// - Parameter name: Names the text in errors.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it is no YAML.
    static func documents(_ text: String, name: String) throws -> [JSONValue] {
        try roots(text, name: name).map(value).filter { $0 != .null }
    }

    private static func roots(_ text: String, name: String) throws -> [Node] {
        do {
            let parser = try Parser(yaml: text)
            var roots: [Node] = []
            while let root = try parser.nextRoot() { roots.append(root) }
            return roots
        } catch let error as YamlError {
            throw ShipslogError(.invalidArgument, "\(name) is no YAML: \(reason(error)).")
        }
    }

    /// Reads the one document of a text; what its reader refuses is told with its line.
    ///
    /// - Parameters:
    ///   - name: Names the text in errors.
    ///   - kind: What the document is to be, for errors.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it holds anything else, saying where.
    static func document<Value>(
        _ text: String, name: String, kind: String, read: (JSONValue) throws -> Value
    ) throws -> Value {
        let roots = try roots(text, name: name).filter { try value($0) != .null }
        guard roots.count == 1, let root = roots.first else {
            throw ShipslogError(
                .invalidArgument, "\(name) holds \(roots.count) documents where one \(kind) is expected.")
        }
        do {
            return try read(value(root))
        } catch var error as ShipslogError {
            var place = name
            if let line = error.place.flatMap({ line(of: $0, in: root) }) { place += ", line \(line)" }
            error.message = "\(place): \(error.message)"
            throw error
        }
    }

    /// The line of a place in a document, or of the nearest place around it that is there.
    private static func line(of place: String, in root: Node) -> Int? {
        var node = root
        var line = root.mark?.line
        for part in place.split(whereSeparator: { ".[]".contains($0) }) {
            switch node {
            case .mapping(let mapping):
                guard let entry = mapping.first(where: { text($0.key) == part }) else { return line }
                line = entry.key.mark?.line ?? line
                node = entry.value
            case .sequence(let elements):
                guard let index = Int(part), elements.indices.contains(index) else { return line }
                node = elements[index]
                line = node.mark?.line ?? line
            default: return line
            }
        }
        return line
    }

    private static func reason(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem), in line \(mark.line)"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "the key \"\(keys.joined(separator: "\", \""))\" is there twice"
        default: "\(error)"
        }
    }

    /// How pods live, by the one document of a file.
    ///
    /// - Throws: ``ShipslogError`` with code `notFound` if the file cannot be read, `invalidArgument` if it holds
    ///   anything else, saying where.
    static func behaviours(at path: String) throws -> PodBehaviours {
        do {
            return try document(text(at: path), name: path, kind: PodBehaviours.kind) { try PodBehaviours($0) }
        } catch var error as ShipslogError where error.code == .invalidArgument {
            error.hint = error.hint ?? "`shipslog schema behaviours` prints the format."
            throw error
        }
    }

    private static func value(_ node: Node) throws -> JSONValue {
        switch node {
        case .mapping(let mapping):
            return .object(
                try Dictionary(mapping.map { (text($0.key), try value($0.value)) }, uniquingKeysWith: { $1 }))
        case .sequence(let sequence):
            return .array(try sequence.map(value))
        default:
            // A quoted scalar has the tag of a text, whatever it looks like.
            let tag = node.tag
            if tag == Tag(.null) { return .null }
            if tag == Tag(.bool), let flag = node.bool { return .bool(flag) }
            if tag == Tag(.int), let number = node.int { return .integer(Int64(number)) }
            if tag == Tag(.float), let number = node.float, number.isFinite { return .number(number) }
            return .string(text(node))
        }
    }

    private static func text(_ node: Node) -> String { node.scalar?.string ?? "" }
}
