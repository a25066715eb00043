import RolloutModel

/// What happened during a rollout, one line after another.
struct Timeline: Equatable {
    /// One line.
    struct Entry: Equatable {
        var time: Timestamp
        /// `nil` for what is known from other streams.
        var position: Position?
        var type: String?
        var text: FactText
        var actor: Actor?

        /// Of an event.
        init(_ recorded: RecordedEvent, fact: Fact, actor: Actor?) {
            self.init(recorded, text: FactText(fact), actor: actor)
        }

        /// Of an event that is told in these words.
        init(_ recorded: RecordedEvent, text: FactText, actor: Actor?) {
            time = recorded.event.occurredAt
            position = recorded.position
            type = recorded.event.type.rawValue
            self.text = text
            self.actor = actor
        }

        /// Of something that is no event of the stream itself.
        init(time: Timestamp, about: String, text: String) {
            self.time = time
            self.text = FactText(about: about, text: text)
        }
    }

    /// A line that may stand for several alike.
    struct Line: Equatable {
        var time: Timestamp
        var text: String
    }

    var entries: [Entry]

    /// The short form: without what happens in every rollout.
    ///
    /// What happens to several objects within a second is on one
    /// line; so is what happens to an object again and again, on the line of the first time.
    func folded() -> [Line] {
        var groups: [Group] = []
        var groupOfKey: [GroupKey: Int] = [:]
        var groupOfLine: [String: Int] = [:]
        for entry in entries where entry.text.weight != .routine {
            // A pod is not ready when it is made; that is worth a line only after it was.
            if entry.text.text == "not ready", groupOfLine["\(entry.text.about ?? "") ready"] == nil { continue }
            if entry.text.weight == .repeating, let earlier = groupOfLine[entry.text.line] {
                groups[earlier].repetitions += 1
                continue
            }
            let key = GroupKey(entry)
            if let about = entry.text.about, let group = groupOfKey[key] {
                groups[group].abouts.append(about)
            } else {
                groupOfKey[key] = groups.count
                groups.append(Group(first: entry, abouts: entry.text.about.map { [$0] } ?? []))
            }
            groupOfLine[entry.text.line] = groupOfKey[key]
        }
        return groups.map { Line(time: $0.first.time, text: $0.text) }
    }

    /// Every entry on a line of its own.
    func unfolded() -> [Line] {
        entries.map { Line(time: $0.time, text: Group(first: $0, abouts: []).text) }
    }

    /// How many entries the short form leaves out.
    var routineCount: Int { entries.count { $0.text.weight == .routine } }

    /// What makes entries alike.
    private struct GroupKey: Hashable {
        var second: Int64
        var kind: Substring?
        var text: String

        init(_ entry: Entry) {
            second = entry.time.microseconds / 1_000_000
            kind = entry.text.kind
            text = entry.text.text
        }
    }

    /// Entries on one line.
    private struct Group {
        var first: Entry
        var abouts: [String]
        /// How often it happened again to one of them.
        var repetitions = 0

        var text: String {
            let by = first.text.isAct ? first.actor.map { " by \($0.text)" } ?? "" : ""
            let times = repetitions > 0 ? ", \(repetitions + max(1, abouts.count)) times" : ""
            guard abouts.count > 1, let kind = first.text.kind else { return first.text.line + by + times }
            return "\(abouts.count) \(kind)s \(first.text.text)\(times)"
        }
    }
}
