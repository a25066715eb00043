/// `note.added`: what somebody wants remembered of a subject, or of one of its rollouts.
public struct NoteAdded: Hashable, Sendable, Codable {
    /// The number of the rollout that it is about; `nil` if it is about the subject.
    public var rollout: Int?
    /// The note, as it was written: 1...4,096 characters.
    public var text: String

    /// The number of characters that a note may have.
    public static let allowedLength = 1...4_096

    /// Writes a note.
    public init(rollout: Int?, text: String) {
        self.rollout = rollout
        self.text = text
    }
}
