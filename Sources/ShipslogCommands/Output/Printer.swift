import RolloutModel

/// A kind of thing that commands answer with.
protocol Printable {
    /// The columns of its table; `NAMESPACE` is put in front of them where several namespaces are shown.
    static func columns(_ style: TextStyle) -> [Column<Self>]
    /// The Kubernetes namespace it is in.
    var namespace: String { get }
    /// What `-o name` prints: a name that other commands take.
    var name: String { get }
    /// What `-o json` prints; its keys are a contract, stated in `schema/output`.
    var document: JSONValue { get }
}

/// What the words of tables depend on.
struct TextStyle {
    var now: Timestamp
    var time: TimeDisplay

    /// A moment, as the person wants times to be shown.
    func moment(_ time: Timestamp) -> StyledText { StyledText(TimeText.moment(time, now: now, display: self.time)) }
}

/// Writes answers: the only place that knows of the output formats, of colours and of secrets.
struct Printer {
    let context: CommandContext
    let options: OutputOptions

    var style: TextStyle { TextStyle(now: context.now(), time: options.time) }

    /// Prints a list.
    ///
    /// - Parameters:
    ///   - hidden: The headers of columns that would say the same in every row.
    ///   - nothing: What to say, beside the output, of an empty list to a person who asked for a table.
    func print<Item: Printable>(
        _ items: [Item], withNamespace: Bool = false, without hidden: Set<String> = [], nothing: String
    ) throws {
        switch options.format {
        case .table, .wide:
            if items.isEmpty { return try notice(nothing) }
            for line in tableLines(items, withNamespace: withNamespace, without: hidden) { try self.line(line) }
        case .json: try write(JSONText.pretty(.array(items.map { filtered($0.document) })) + "\n")
        case .jsonl: for item in items { try write(JSONText.line(filtered(item.document)) + "\n") }
        case .yaml: try write(YAMLText.document(.array(items.map { filtered($0.document) })))
        case .name: for item in items { try line(StyledText(item.name)) }
        }
    }

    /// Prints one thing: to a person in the lines given.
    func print<Item: Printable>(_ item: Item, lines: () throws -> [StyledText]) throws {
        switch options.format {
        case .table, .wide: for line in try lines() { try self.line(line) }
        case .json: try write(JSONText.pretty(filtered(item.document)) + "\n")
        case .jsonl: try write(JSONText.line(filtered(item.document)) + "\n")
        case .yaml: try write(YAMLText.document(filtered(item.document)))
        case .name: try line(StyledText(item.name))
        }
    }

    /// Prints a list as its items come, with bounded memory, and at once if `isLive`.
    func print<Item: Printable>(
        stream items: some AsyncSequence<Item, any Error>, isLive: Bool, nothing: String,
        line humanLine: (Item) -> StyledText
    ) async throws {
        var count = 0
        for try await item in items {
            switch options.format {
            case .table, .wide: try line(humanLine(item))
            case .json: try write((count == 0 ? "[\n" : ",\n") + JSONText.line(filtered(item.document)))
            case .jsonl: try write(JSONText.line(filtered(item.document)) + "\n")
            case .yaml: try write("---\n" + YAMLText.document(filtered(item.document)))
            case .name: try line(StyledText(item.name))
            }
            count += 1
            if isLive { try context.output.flush() }
        }
        switch options.format {
        case .json: try write(count == 0 ? "[]\n" : "\n]\n")
        case .table, .wide: if count == 0 { try notice(nothing) }
        case .jsonl, .yaml, .name: break
        }
    }

    /// Prints a line of text to the output.
    func line(_ line: StyledText) throws {
        let shown = options.showSecrets ? line : line.mapText(Secrets.masked)
        try write(shown.rendered(colours: usesColours) + "\n")
    }

    /// Says something to the person beside the output, unless they want quiet.
    func notice(_ text: String) throws {
        if !options.quiet { try context.notice(options.showSecrets ? text : Secrets.masked(text)) }
    }

    /// The table of items, as lines.
    func tableLines<Item: Printable>(
        _ items: [Item], withNamespace: Bool = false, without hidden: Set<String> = []
    ) -> [StyledText] {
        let namespace = Column<Item>("NAMESPACE") { StyledText($0.namespace) }
        let columns = (withNamespace ? [namespace] : []) + Item.columns(style)
        let shown = columns.filter { (options.format == .wide || !$0.isWide) && !hidden.contains($0.header) }
        let rows = items.map { item in shown.map { $0.cell(item) } }
        return Table(headers: shown.map(\.header), rows: rows).lines(withHeaders: !options.noHeaders)
    }

    private func write(_ text: String) throws {
        try context.output.write(text)
    }

    private func filtered(_ document: JSONValue) -> JSONValue {
        options.showSecrets ? document : Secrets.masked(document)
    }

    private var usesColours: Bool { options.colour.isWanted(onTerminal: context.isOutputTerminal, in: context) }
}
