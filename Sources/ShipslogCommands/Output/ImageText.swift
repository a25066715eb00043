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
    static func repository(_ image: String) -> String { parts(of: image).repository }

    /// The tag, else the digest cut short, else `latest`, which is what Kubernetes takes.
    static func version(_ image: String) -> String { parts(of: image).version }

    /// The parts of an image, read off its bytes: lists have thousands of them.
    private static func parts(of image: String) -> (repository: String, version: String) {
        let bytes = image.utf8
        let digest = bytes.firstIndex(of: UInt8(ascii: "@")) ?? bytes.endIndex
        let name = bytes[..<digest]
        let lastPart = name.lastIndex(of: UInt8(ascii: "/")) ?? name.startIndex
        // A colon before the last slash belongs to the port of the registry.
        let colon = name[lastPart...].lastIndex(of: UInt8(ascii: ":"))
        let repository = String(Substring(name[..<(colon ?? digest)]))
        if let colon { return (repository, String(Substring(name[name.index(after: colon)...]))) }
        guard digest < bytes.endIndex else { return (repository, "latest") }
        return (repository, String(image[image.index(after: digest)...].prefix(19)))
    }
}
