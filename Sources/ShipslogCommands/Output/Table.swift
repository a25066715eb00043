/// Rows under headers, laid out as by `kubectl get`: upper-case headers, columns three spaces apart, nothing after the
/// last column.
struct Table {
    var headers: [String]
    var rows: [[StyledText]]

    /// The lines, the headers first unless they are not wanted.
    func lines(withHeaders: Bool) -> [StyledText] {
        let all = (withHeaders ? [headers.map { StyledText($0) }] : []) + rows
        var widths = [Int](repeating: 0, count: headers.count)
        for row in all {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.width) }
        }
        return all.map { row in
            let last = row.lastIndex { $0.width > 0 } ?? 0
            return row.prefix(last + 1).enumerated().reduce(StyledText("")) { line, column in
                let padding = column.offset == last ? 0 : widths[column.offset] + 3 - column.element.width
                return line + column.element + StyledText(String(repeating: " ", count: padding))
            }
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
