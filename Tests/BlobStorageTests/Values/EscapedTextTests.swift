import BlobStorage
import Testing

@Suite struct EscapedTextTests {
    @Test(
        "escapes what steers a terminal or forges a line",
        arguments: [
            ("a\nb", #"a\u{a}b"#), ("a\r\nb", #"a\u{d}\u{a}b"#), ("\u{1b}[31m", #"\u{1b}[31m"#),
            ("\u{0}", #"\u{0}"#), ("\u{7f}", #"\u{7f}"#), ("\u{9b}2J", #"\u{9b}2J"#),
            ("\u{202e}abc", #"\u{202e}abc"#), ("\u{2066}", #"\u{2066}"#),
            ("\u{2028}", #"\u{2028}"#), ("\"", #"\""#), (#"\"#, #"\\"#),
        ]
    )
    func escapes(_ text: String, _ expected: String) {
        #expect(EscapedText(text).description == expected)
    }

    @Test(
        "leaves other text alone",
        arguments: ["a/b c", "\u{e9}", "e\u{301}", "\u{65e5}", "\u{1f600}"]
    )
    func leaves(_ text: String) {
        #expect(Array(EscapedText(text).description.utf8) == Array(text.utf8))
    }

    @Test func noTwoTextsLookAlike() {
        #expect(EscapedText("\n").description != EscapedText(#"\u{a}"#).description)
    }
}
