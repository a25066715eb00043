import RolloutModel

/// Short words for the documents: what is not known is `null`, never left out.
extension JSONValue {
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    static func whole(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    static func position(_ value: Position?) -> JSONValue { value.map { .integer($0.rawValue) } ?? .null }
    static func decimal(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    static func time(_ value: Timestamp?) -> JSONValue { .text(value?.rfc3339) }
    static func texts(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
    static func labels(_ values: [String: String]?) -> JSONValue {
        values.map { .object($0.mapValues { .string($0) }) } ?? .null
    }
    static func actor(_ value: Actor?) -> JSONValue {
        value.map { .object(["name": .string($0.name), "evidence": .string($0.evidence.rawValue)]) } ?? .null
    }
}
