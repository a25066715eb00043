/// The difference of two texts in the format of `diff -u`.
///
/// - SeeAlso: <https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html>
enum UnifiedDiff {
    /// The lines of the difference, with three lines of context; none if the texts are the same.
    static func lines(from old: [String], named oldName: String, to new: [String], named newName: String)
        -> [StyledText]
    {
        let edits = edits(from: old, to: new)
        let changes = edits.indices.filter { edits[$0].kind != .same }
        guard !changes.isEmpty else { return [] }
        var result = [StyledText("--- \(oldName)", .strong), StyledText("+++ \(newName)", .strong)]
        for hunk in hunks(around: changes, count: edits.count) {
            let before = edits[..<hunk.lowerBound]
            let inside = edits[hunk]
            let old = range(from: before.count { $0.kind != .added }, count: inside.count { $0.kind != .added })
            let new = range(from: before.count { $0.kind != .removed }, count: inside.count { $0.kind != .removed })
            result.append(StyledText("@@ -\(old) +\(new) @@", .active))
            result += inside.map { StyledText($0.kind.rawValue + $0.line, $0.kind.tone) }
        }
        return result
    }

    private enum Kind: String {
        case same = " "
        case removed = "-"
        case added = "+"

        var tone: StyledText.Tone {
            switch self {
            case .same: .plain
            case .removed: .bad
            case .added: .good
            }
        }
    }

    /// Both texts in one: each line once, with what became of it.
    private static func edits(from old: [String], to new: [String]) -> [(kind: Kind, line: String)] {
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(offset))
        let added = Set(difference.insertions.map(offset))
        var edits: [(kind: Kind, line: String)] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if removed.contains(oldIndex) {
                edits.append((.removed, old[oldIndex]))
                oldIndex += 1
            } else if added.contains(newIndex) {
                edits.append((.added, new[newIndex]))
                newIndex += 1
            } else {
                edits.append((.same, old[oldIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        return edits
    }

    private static func offset(of change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    /// The parts to show: three lines around each change, joined where they touch.
    private static func hunks(around changes: [Int], count: Int) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for change in changes {
            let part = max(0, change - 3)..<min(count, change + 4)
            if let last = hunks.last, last.upperBound >= part.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<part.upperBound
            } else {
                hunks.append(part)
            }
        }
        return hunks
    }

    private static func range(from start: Int, count: Int) -> String {
        // An empty range is named by the line before it; a range of one line has no count.
        switch count {
        case 0: "\(start),0"
        case 1: "\(start + 1)"
        default: "\(start + 1),\(count)"
        }
    }
}
