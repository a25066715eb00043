import Foundation
import RolloutModel

/// Takes out of an answer what may be a secret: the one place that decides it, in front of every output.
///
/// Names decide, since values do not tell. Better one value hidden too much than one shown too much;
/// `--show-secrets` shows all.
struct Secrets {
    /// What stands in place of a secret.
    static let mask = "***"

    /// Gives what is to stand in place of a secret.
    var substitute: (String) -> String = { _ in mask }

    /// The value with everything masked that looks secret, at any depth.
    static func masked(_ value: JSONValue) -> JSONValue { Secrets().masked(value) }

    /// The text with everything masked that looks secret.
    static func masked(_ text: String) -> String { Secrets().masked(text) }

    /// Whether a variable, an argument or a key of this name looks as if its value were a secret.
    static func isSecret(name: String) -> Bool {
        let name = name.lowercased()
        return marks.contains { name.contains($0) }
    }

    private static let marks = [
        "pass", "pwd", "secret", "token", "key", "cred", "private", "auth", "cookie", "session", "signature",
    ]

    /// What is to stand in place of a text; what stands in place of one already stays.
    private func hidden(_ text: String) -> String {
        let isMask = text.hasPrefix(Self.mask) && text.dropFirst(Self.mask.count).allSatisfy(\.isNumber)
        return isMask ? text : substitute(text)
    }

    /// The value with everything masked that looks secret, at any depth.
    func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(masked(text))
        case .array(let elements): .array(maskedArguments(elements))
        case .object(let members): .object(masked(members))
        case .null, .bool, .integer, .number: value
        }
    }

    /// Masks `name`/`value` pairs, as environment variables are written, and what `kubectl apply` left behind: a copy of
    /// the whole manifest.
    private func masked(_ members: [String: JSONValue]) -> [String: JSONValue] {
        var result = members.mapValues(masked)
        if let manifest = members[Self.lastApplied] {
            result[Self.lastApplied] = .string(hidden(manifest.string ?? JSONText.line(manifest)))
        }
        if let name = members["name"]?.string, let value = members["value"]?.string, Self.isSecret(name: name) {
            result["value"] = .string(hidden(value))
        }
        return result
    }

    private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

    /// Masks the element after an option as well: `["--password", "…"]`.
    private func maskedArguments(_ elements: [JSONValue]) -> [JSONValue] {
        var followsSecretOption = false
        return elements.map { element in
            defer {
                let option = element.string ?? ""
                followsSecretOption = option.hasPrefix("-") && !option.contains("=") && Self.isSecret(name: option)
            }
            guard followsSecretOption, let argument = element.string else { return masked(element) }
            return .string(hidden(argument))
        }
    }

    /// The text with the values of `NAME=value`, `--name value` and `scheme://user:password@host` masked, as they stand in
    /// a change-cause or in the message of a container.
    func masked(_ text: String) -> String {
        // The common text has none of these, and there are many.
        if text.hasBytes("kubectl.kubernetes.io/last-applied-configuration") { return hidden(text) }
        guard text.hasBytes("=") || text.hasBytes("://") || text.hasBytes("--") else { return text }
        var result = text.replacing(#/(?<scheme>:\/\/[^\/\s:@]*:)(?<value>[^\/\s@]+)@/#) { found in
            "\(found.scheme)\(hidden(String(found.value)))@"
        }
        result = result.replacing(#/(?<name>[\w.\-]+)(?<sign>=)(?<value>"[^"]*"|'[^']*'|[^\s,;&]+)/#) { found in
            Self.isSecret(name: String(found.name))
                ? "\(found.name)=\(hidden(String(found.value)))" : String(found.0)
        }
        return result.replacing(#/(?<option>--[\w\-]+)(?<space>\s+)(?<value>[^\s\-]\S*)/#) { found in
            Self.isSecret(name: String(found.option))
                ? "\(found.option)\(found.space)\(hidden(String(found.value)))" : String(found.0)
        }
    }
}

extension String {
    /// Whether the bytes of a text stand anywhere in this one.
    ///
    /// Every line that is printed comes through here, and `contains` would take more time than all the rest.
    fileprivate func hasBytes(_ needle: StaticString) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while rest.count >= needle.utf8CodeUnitCount, let start = rest.base.baseAddress,
                let found = memchr(start + rest.startIndex, Int32(needle.utf8Start.pointee), rest.count)
            {
                rest = rest.base[start.distance(to: found)...]
                guard rest.count >= needle.utf8CodeUnitCount else { return false }
                if memcmp(found, needle.utf8Start, needle.utf8CodeUnitCount) == 0 { return true }
                rest = rest.dropFirst()
            }
            return false
        }
    }
}
