import Testing

@testable import BlobStoragePostgres

@Suite struct PostgresTextTests {
    private static let texts = [
        "", "a", "Zoë 😀", "\u{0}", "\u{1}", "\u{2}", "a\u{0}b", "a\u{1}\u{0}", "\u{1}\u{1}",
        "\u{1}\u{2}", "\u{0}\u{0}", "a\u{1}b\u{2}c", "\u{1}a", "a\u{301}", "á",
    ]

    @Test func comesBackExactly() throws {
        for text in Self.texts {
            let kept = PostgresText.kept(text)
            #expect(!kept.utf8.contains(0))
            let back = try #require(PostgresText.text(kept))
            #expect(Array(back.utf8) == Array(text.utf8))
        }
    }

    @Test func equalityAndBeginningsStay() {
        for a in Self.texts {
            for b in Self.texts {
                let (keptA, keptB) = (PostgresText.kept(a), PostgresText.kept(b))
                #expect(a.utf8.elementsEqual(b.utf8) == keptA.utf8.elementsEqual(keptB.utf8))
                #expect(a.utf8.starts(with: b.utf8) == keptA.utf8.starts(with: keptB.utf8))
            }
        }
    }

    @Test func whatNobodyKeptIsRefused() {
        for kept in ["\u{1}", "a\u{1}", "\u{1}\u{3}", "\u{1}a"] {
            #expect(PostgresText.text(kept) == nil)
        }
    }
}
