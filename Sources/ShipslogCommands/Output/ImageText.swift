/// Images and selectors in as few words as tell them apart.
enum ImageText {
    /// What a rollout changed about the images: `1.26 → bad` for the same repositories, the whole images otherwise.
    static func change(from old: [String], to new: [String]) -> String {
        guard !old.isEmpty, old != new else { return list(new) }
        let pairs = zip(old, new).map { ($0, $1) }
        if old.count == new.count, pairs.allSatisfy({ repository($0) == repository($1) }) {
            return pairs.filter { $0 != $1 }.map { "\(version($0)) → \(version($1))" }.joined(separator: ",")
        }
        return "\(list(old)) → \(list(new))"
    }

    /// What a switch changed about a selector: the labels that differ, `color=blue → color=green`.
    static func change(from old: [String: String], to new: [String: String]) -> String {
        let before = old.filter { new[$0.key] != $0.value }
        let after = new.filter { old[$0.key] != $0.value }
        return "\(labels(before)) → \(labels(after))"
    }

    /// Images with commas.
    static func list(_ images: [String]) -> String {
        images.isEmpty ? "<none>" : images.joined(separator: ",")
    }

    /// Labels as on a command line of `kubectl`: `app=web,color=blue`.
    static func labels(_ labels: [String: String]) -> String {
        labels.isEmpty
            ? "<none>" : labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// An image without tag and digest.
    static func repository(_ image: String) -> String {
        let name = image.prefix { $0 != "@" }
        let lastPart = name.lastIndex(of: "/") ?? name.startIndex
        // A colon before the last slash belongs to the port of the registry.
        guard let colon = name[lastPart...].lastIndex(of: ":") else { return String(name) }
        return String(name[..<colon])
    }

    /// The tag, else the digest cut short, else `latest`, which is what Kubernetes takes.
    static func version(_ image: String) -> String {
        let rest = image.dropFirst(repository(image).count)
        if rest.hasPrefix(":") { return String(rest.dropFirst().prefix { $0 != "@" }) }
        if rest.hasPrefix("@") { return String(rest.dropFirst().prefix(19)) }
        return "latest"
    }
}
