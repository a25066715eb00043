/// Chooses objects by their labels: every requirement must hold.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors>
public struct LabelSelector: Hashable, Sendable {
    private var requirements: [Requirement]

    private struct Requirement: Hashable, Sendable {
        enum Operation: Hashable, Sendable {
            case exists, absent
            case isIn(Set<String>)
            case isNotIn(Set<String>)
        }

        var key: String
        var operation: Operation

        func matches(_ labels: [String: String]) -> Bool {
            switch operation {
            case .exists: labels[key] != nil
            case .absent: labels[key] == nil
            case .isIn(let values): labels[key].map(values.contains) ?? false
            case .isNotIn(let values): labels[key].map { !values.contains($0) } ?? true
            }
        }
    }

    /// Reads a selector as `kubectl -l` takes it: `app=web`, `tier!=cache`, `env in (prod, test)`, `track`, `!track`, and
    /// several of these with commas between.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument`.
    public init(_ text: String) throws {
        requirements = try Self.terms(of: text).map { term in
            guard let requirement = Self.requirement(term) else {
                throw ShipslogError(
                    .invalidArgument, "\"\(term)\" is not a requirement on labels.",
                    hint: "Write app=web, tier!=cache, 'env in (prod,test)', track or '!track'."
                )
            }
            return requirement
        }
    }

    /// Whether an object with these labels is chosen.
    public func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.matches(labels) } }

    /// Cut at the commas that are not within parentheses.
    private static func terms(of text: String) -> [String] {
        var terms = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { terms.append("") } else { terms[terms.count - 1].append(character) }
        }
        return terms.map { trimmed($0[...]) }
    }

    private static func requirement(_ term: String) -> Requirement? {
        if term.hasPrefix("!") {
            let key = trimmed(term.dropFirst())
            return isKey(key) ? Requirement(key: key, operation: .absent) : nil
        }
        guard let end = term.firstIndex(where: { " =!(".contains($0) }) else {
            return isKey(term) ? Requirement(key: term, operation: .exists) : nil
        }
        let key = String(term[..<end])
        let rest = trimmed(term[end...])
        guard isKey(key) else { return nil }
        for (sign, isWanted) in [("==", true), ("!=", false), ("=", true)] where rest.hasPrefix(sign) {
            let value = trimmed(rest.dropFirst(sign.count))
            guard isValue(value) else { return nil }
            return Requirement(key: key, operation: isWanted ? .isIn([value]) : .isNotIn([value]))
        }
        for (word, isWanted) in [("in", true), ("notin", false)] where rest.hasPrefix(word) {
            let list = trimmed(rest.dropFirst(word.count))
            guard list.hasPrefix("("), list.hasSuffix(")") else { continue }
            let values = list.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).map(
                trimmed)
            guard values.allSatisfy(isValue) else { return nil }
            return Requirement(key: key, operation: isWanted ? .isIn(Set(values)) : .isNotIn(Set(values)))
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// A name of up to 63 characters, after a domain and a slash if there is one.
    private static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, !name.isEmpty, isValue(String(name)) else { return false }
        return parts.count == 1 || (!parts[0].isEmpty && parts[0].utf8.allSatisfy { isNameByte($0) })
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.count <= 63 && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
