import RolloutModel
import Yams

/// YAML as it is printed: keys sorted, the style of `kubectl get -o yaml`.
enum YAMLText {
    /// A document, with a line break at its end.
    ///
    /// - Throws: `YamlError` if the emitter cannot express it.
    static func document(_ value: JSONValue) throws -> String {
        try serialize(node: node(value), allowUnicode: true)
    }

    private static func node(_ value: JSONValue) throws -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let value): try value.represented()
        case .integer(let value): Node(String(value), Tag(.int))
        case .number: Node(JSONText.line(value), Tag(.float))
        case .string(let value) where value.contains("\n"): Node(value, Tag(.str), .literal)
        case .string(let value): try value.represented()
        case .array(let elements):
            Node(try elements.map(node), Tag(.seq), elements.isEmpty ? .flow : .block)
        case .object(let members):
            Node(
                try members.sorted { $0.key < $1.key }.map { (try $0.key.represented(), try node($0.value)) },
                Tag(.map), members.isEmpty ? .flow : .block
            )
        }
    }
}
