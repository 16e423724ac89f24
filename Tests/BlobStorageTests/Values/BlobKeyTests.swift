import BlobStorage
import Foundation
import Testing

@Suite struct BlobKeyTests {
    @Test func lengthIsOneTo1024Bytes() throws {
        for length in try KeyVectors.load().lengths {
            if length.isLegal {
                let key = try BlobKey(length.text)
                #expect(key.text.utf8.elementsEqual(length.text.utf8))
            } else {
                let error = try #require(throws: BlobError.self) { try BlobKey(length.text) }
                #expect(error.kind == .invalidArgument)
                #expect(error.message.contains("\(length.text.utf8.count) bytes"))
            }
        }
    }

    @Test func anyTextOfALegalLengthIsKeptByteForByte() throws {
        for text in try KeyVectors.load().legal {
            let key = try BlobKey(text)
            #expect(Array(key.text.utf8) == Array(text.utf8))
            #expect(Array(key.description.utf8) == Array(text.utf8))
        }
    }

    @Test func lookalikesAreDifferentKeys() throws {
        for collision in try KeyVectors.load().collisions {
            let keys = try collision.pair.map { try BlobKey($0) }
            #expect(keys[0] != keys[1], "\(collision.why)")
            #expect(Set(keys).count == 2, "\(collision.why)")
            #expect((keys[0] < keys[1]) != (keys[1] < keys[0]), "\(collision.why)")
        }
    }

    @Test func twoSpellingsOfALetterAreTwoKeys() {
        let composed: BlobKey = "caf\u{e9}"
        let decomposed: BlobKey = "cafe\u{301}"
        #expect(composed.text == decomposed.text, "String merges them, or this test proves nothing")
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect([composed: 1, decomposed: 2].count == 2)
    }

    @Test func orderIsThatOfBytes() throws {
        let order = try KeyVectors.load().listingOrder
        let keys = try order.keys.map { try BlobKey($0) }
        #expect(utf8(keys.sorted().map(\.text)) == utf8(order.sorted))
    }

    @Test func equalKeysHashAlikeHoweverTheirTextIsStored() throws {
        // A bridged or sliced string may be stored in another form than a native one.
        let slice = try BlobKey(String("xx/caf\u{e9}".dropFirst(3)))
        let joined = try BlobKey(["caf", "\u{e9}"].joined())
        #expect(slice == joined)
        #expect(slice.hashValue == joined.hashValue)
    }

    @Test func codesAsAPlainString() throws {
        let key: BlobKey = "a/\u{301}\"b\""
        let data = try JSONEncoder().encode([key])
        let texts = try JSONDecoder().decode([String].self, from: data)
        #expect(utf8(texts) == utf8([key.text]))
        #expect(try JSONDecoder().decode([BlobKey].self, from: data) == [key])
    }

    @Test func decodingChecksTheLength() throws {
        let data = try JSONEncoder().encode([String(repeating: "x", count: 1_025)])
        let error = try #require(throws: BlobError.self) {
            try JSONDecoder().decode([BlobKey].self, from: data)
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func aLiteralOfAnIllegalLengthTraps() async {
        await #expect(processExitsWith: .failure) {
            let text = String(repeating: "x", count: 1_025)
            _ = BlobKey(stringLiteral: text)
        }
    }

    @Test(
        "prefixes are bytes",
        arguments: [
            ("a/b", "a/", true), ("a/\u{301}", "a/", true), ("é", "e", false),
            ("e\u{301}", "e", true), ("a", "", true), ("a", "a", true), ("a", "ab", false),
            ("A/b", "a/", false),
        ]
    )
    func prefixes(_ text: String, _ prefix: String, _ has: Bool) throws {
        #expect(try BlobKey(text).hasPrefix(prefix) == has)
    }

    @Test func replacesPrefixes() throws {
        let key: BlobKey = "uploads/\u{301}/cat.jpg"
        let other = try key.replacingPrefix("uploads/", with: "small/")
        #expect(other == "small/\u{301}/cat.jpg")
        #expect(try key.replacingPrefix("small/", with: "uploads/") == nil)
        #expect(try key.replacingPrefix("", with: "a") == "auploads/\u{301}/cat.jpg")
        #expect(throws: BlobError.self) { try BlobKey("a").replacingPrefix("a", with: "") }
        let long = String(repeating: "x", count: 1_024)
        #expect(throws: BlobError.self) { try BlobKey("ab").replacingPrefix("a", with: long) }
    }
}
