import ArgumentParser

/// A number of pods, or a percentage of those wanted, as people write it: `2`, `25%`.
enum PodShare {
    /// Refuses what is neither.
    ///
    /// - Parameter name: What it is called, for the error.
    /// - Throws: `ValidationError`.
    static func validate(_ text: String, named name: String) throws {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let number = Int(digits), number >= 0, !text.hasSuffix("%") || number <= 100 else {
            throw ValidationError("\(name) must be a number of pods or a percentage up to 100%, not \"\(text)\".")
        }
    }
}
