import Testing

@testable import BlobStorageGateway

@Suite struct KeyPatternTests {
    @Test(
        "`*` is any text, `?` any character",
        arguments: [
            ("*", "", true), ("*", "a/b", true), ("", "", true), ("", "a", false),
            ("a", "a", true), ("a", "ab", false), ("a*", "a", true), ("a/*", "a", false),
            ("a/*", "a/", true), ("*.png", "a.png", true), ("*.png", "a.png.txt", false),
            ("*.png", ".png.png", true), ("a*b*c", "abbbc", true), ("a*b*c", "acb", false),
            ("a?c", "a\u{E9}c", true), ("a?c", "a\u{1F600}c", true), ("a?c", "ac", false),
            ("a?c", "abbc", false), ("?", "e\u{301}", false), ("??", "e\u{301}", true),
            ("A", "a", false), ("\u{E9}", "e\u{301}", false), ("a**", "a", true), ("*?", "", false),
            ("*?", "x", true), ("[a]", "a", false), ("a*", "b", false),
        ]
    )
    func forms(_ pattern: String, _ key: String, _ isMatch: Bool) {
        #expect(KeyPattern(pattern.utf8).matches(key) == isMatch)
    }

    /// A pattern that makes a recursive matcher try every way of many.
    @Test(.timeLimit(.minutes(1))) func hostilePatternsTakeNoLongerThanTheProduct() {
        let pattern = KeyPattern((String(repeating: "*a", count: 1_000) + "b").utf8)
        #expect(!pattern.matches(String(repeating: "a", count: 1_024)))
    }
}
