/// Rows under headers, laid out as by `kubectl get`: upper-case headers, columns three spaces apart, nothing after the
/// last column.
struct Table {
    var headers: [String]
    var rows: [[StyledText]]

    /// The lines, the headers first unless they are not wanted.
    func lines(withHeaders: Bool) -> [StyledText] {
        let all = (withHeaders ? [headers.map { StyledText($0) }] : []) + rows
        let cellWidths = all.map { row in row.map(\.width) }
        var widths = [Int](repeating: 0, count: headers.count)
        for row in cellWidths {
            for (index, width) in row.enumerated() { widths[index] = max(widths[index], width) }
        }
        return zip(all, cellWidths).map { row, ownWidths in
            let last = ownWidths.lastIndex { $0 > 0 } ?? 0
            var line = StyledText(parts: [])
            for (index, cell) in row.prefix(last + 1).enumerated() {
                line.parts += cell.parts
                if index < last { line.pad(by: widths[index] + 3 - ownWidths[index]) }
            }
            return line
        }
    }
}

/// A column of the table of a kind of item.
struct Column<Item> {
    var header: String
    /// Whether it is shown with `-o wide` only.
    var isWide = false
    var cell: (Item) -> StyledText

    init(_ header: String, isWide: Bool = false, cell: @escaping (Item) -> StyledText) {
        self.header = header
        self.isWide = isWide
        self.cell = cell
    }
}
