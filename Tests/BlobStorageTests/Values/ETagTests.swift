import BlobStorage
import Foundation
import Testing

@Suite struct ETagTests {
    @Test func isKeptVerbatimAndComparedByBytes() {
        #expect(ETag("\"1\"") != ETag("1"))
        #expect(ETag("\u{e9}") != ETag("e\u{301}"))
        #expect(Set([ETag("\u{e9}"), ETag("e\u{301}"), ETag("\u{e9}")]).count == 2)
        #expect(ETag("W/\"a\"").description == "W/\"a\"")
    }

    @Test func codesAsAPlainString() throws {
        let data = try JSONEncoder().encode([ETag("\"1\"")])
        #expect(String(decoding: data, as: UTF8.self) == #"["\"1\""]"#)
        #expect(try JSONDecoder().decode([ETag].self, from: data) == ["\"1\""])
    }
}
