/// Counted things in English.
enum Plural {
    /// `1 pod`, `2 pods`.
    static func of(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
