import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct UTF8OrderTests {
    @Test func comparesLikeUnsignedBytes() {
        var random = SplitMix64(1)
        let alphabet = ["a", "b", "/", "\u{0}", "e", "\u{301}", "\u{e9}", "\u{ff5e}", "\u{1f600}"]
        for _ in 0..<2_000 {
            let a = random.text(of: alphabet, upTo: 6)
            let b = random.text(of: alphabet, upTo: 6)
            let expected = Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
            #expect((UTF8Order.compare(a, b) < 0) == expected)
            #expect((UTF8Order.compare(a, b) == 0) == (Array(a.utf8) == Array(b.utf8)))
            #expect(UTF8Order.equal(a, b) == (Array(a.utf8) == Array(b.utf8)))
        }
    }

    @Test func aPrefixIsOneOfBytes() {
        #expect(UTF8Order.hasPrefix("e\u{301}", "e"))
        #expect(!"e\u{301}".hasPrefix("e"), "String does not find it, or this proves nothing")
        #expect(!UTF8Order.hasPrefix("\u{e9}", "e"))
        #expect(UTF8Order.hasPrefix("\r\n", "\r"))
        #expect(UTF8Order.hasPrefix("a", ""))
        #expect(!UTF8Order.hasPrefix("a", "ab"))
    }

    @Test(
        "finds the first run of bytes",
        arguments: [
            ("a/b/c", "/", 0, 1), ("a/b/c", "/", 2, 3), ("a/b/c", "/", 4, nil),
            ("a/\u{301}b", "/", 0, 1), ("a\r\nb", "\n", 0, 2), ("aab", "ab", 0, 1),
            ("abab", "ab", 1, 2), ("a", "abc", 0, nil), ("", "a", 0, nil), ("abc", "", 0, nil),
            ("abc", "c", 9, nil),
        ] as [(String, String, Int, Int?)]
    )
    func firstRange(_ text: String, _ pattern: String, _ start: Int, _ offset: Int?) {
        let range = UTF8Order.firstRange(of: pattern, in: text, from: start)
        #expect(range?.lowerBound == offset)
        #expect(range.map(\.count) ?? pattern.utf8.count == pattern.utf8.count)
    }

    @Test func aPrefixIsCutByBytes() {
        #expect(UTF8Order.equal(UTF8Order.prefix(of: "a/\u{301}b", count: 2), "a/"))
        #expect(UTF8Order.prefix(of: "abc", count: 0).isEmpty)
    }
}
