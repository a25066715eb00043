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
        let data: Data
        do {
            data =
                try path == "-"
                ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ShipslogError(.notFound, "The file \(path) cannot be read: \(error.localizedDescription)")
        }
        return try documents(String(decoding: data, as: UTF8.self), name: path)
    }

    /// The documents of a text, without those that say nothing.
    ///
    /// - Parameter name: Names the text in errors.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if it is no YAML.
    static func documents(_ text: String, name: String) throws -> [JSONValue] {
        do {
            let parser = try Parser(yaml: text)
            var documents: [JSONValue] = []
            while let root = try parser.nextRoot() { documents.append(try value(root)) }
            return documents.filter { $0 != .null }
        } catch let error as YamlError {
            throw ShipslogError(.invalidArgument, "\(name) is no YAML: \(reason(error)).")
        }
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
        let documents = try documents(at: path)
        guard documents.count == 1, let document = documents.first else {
            throw ShipslogError(
                .invalidArgument, "\(path) holds \(documents.count) documents where one PodBehaviours is expected."
            )
        }
        do {
            return try PodBehaviours(document)
        } catch let error as ShipslogError {
            throw ShipslogError(
                error.code, "\(path): \(error.message)",
                hint: error.hint ?? "`shipslog schema behaviours` prints the format."
            )
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
