import Testing

@testable import ShipslogCommands

@Suite("Tables")
struct TableTests {
    @Test("columns are three blanks apart, and nothing stands after the last text of a row")
    func layout() {
        let table = Table(headers: ["NAME", "READY", "NOTE"], rows: [["web", "4/4", "fine"], ["canary", "0/6", ""]])
        #expect(
            table.lines(withHeaders: true).map { $0.rendered(colours: false) } == [
                "NAME     READY   NOTE",
                "web      4/4     fine",
                "canary   0/6",
            ])
        #expect(
            table.lines(withHeaders: false).map { $0.rendered(colours: false) } == [
                "web      4/4   fine", "canary   0/6",
            ])
    }

    @Test("wide characters, combining marks and escapes are counted as the terminal shows them")
    func width() {
        let table = Table(
            headers: ["A", "B"], rows: [["漢字", "1"], ["e\u{301}", "2"], ["\u{1B}[31m", "3"], ["👩‍🚀", "4"]])
        #expect(
            table.lines(withHeaders: false).map { $0.rendered(colours: false) } == [
                "漢字     1", "e\u{301}        2", "^[[31m   3", "👩‍🚀       4",
            ])
    }

    @Test(
        "what a terminal would obey is shown instead",
        arguments: [
            ("plain → text", "plain → text"), ("\u{1B}]0;title\u{7}", "^[]0;title^G"), ("a\nb\tc\r", "a^Jb^Ic^M"),
            ("\u{9B}31m", "\\u{9b}31m"), ("\u{7F}", "\\u{7f}"), ("safe\u{202E}txt.exe", "safe\\u{202e}txt.exe"),
        ])
    func escapes(text: String, shown: String) {
        #expect(TerminalText.escape(text) == shown)
    }

    @Test("a tone becomes a colour if colours are wanted, and nothing otherwise")
    func tones() {
        let text: StyledText = "\("failed", .bad) after \(3)s"
        #expect(text.rendered(colours: true) == "\u{1B}[31mfailed\u{1B}[0m after 3s")
        #expect(text.rendered(colours: false) == "failed after 3s")
        #expect(text.width == 15)
    }
}
