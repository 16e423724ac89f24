import BlobStorage
import BlobStorageAWS
import BlobStorageS3
import Foundation
import Testing

/// The listings of `s3/scripted-responses.json`: 50 answers, and the keys or the refusal that each
/// must give.
@Suite struct ScriptedListTests {
    enum Expected: Sendable {
        case keys([BlobKey])
        case refused
    }

    static let expected: [String: Expected] = [
        "list: one key": .keys(["a"]),
        "list: empty": .keys([]),
        "list: prefix namespace": .keys(["a"]),
        "list: no namespace, single quotes, comment, PI": .keys(["ab"]),
        "list: CDATA": .keys(["a<&>b"]),
        "list: entities and references": .keys(["a&<>\"'A😀\r\nb"]),
        "list: control character reference (invalid XML 1.0)": .refused,
        "list: encoding-type=url": .keys(["a b+c d\neü%"]),
        "list: literal CR LF in a key": .keys(["a\nb"]),
        "list: whitespace inside values": .keys([" a "]),
        "list: truncated document": .refused,
        "list: IsTruncated true, no token": .refused,
        "list: the same token again and again": .keys(["a"]),
        "list: token with special characters": .keys(["a"]),
        "list: page with no keys but IsTruncated": .keys([]),
        "list: CommonPrefixes": .keys([]),
        "list: Size '-1'": .refused,
        "list: Size '99999999999999999999'": .refused,
        "list: Size '1e3'": .refused,
        "list: Size ''": .refused,
        "list: Size '0x10'": .refused,
        "list: Size ' 3 '": .keys(["a"]),
        "list: Size '9223372036854775807'": .keys(["a"]),
        "list: LastModified '2025-06-15T12:34:56Z'": .keys(["a"]),
        "list: LastModified '2025-06-15T12:34:56.123456Z'": .keys(["a"]),
        "list: LastModified '2025-06-15T12:34:56+02:00'": .keys(["a"]),
        "list: LastModified '1969-12-31T23:59:59.000Z'": .keys(["a"]),
        "list: LastModified '9999-12-31T23:59:59.000Z'": .keys(["a"]),
        "list: LastModified 'not a date'": .refused,
        "list: LastModified ''": .keys(["a"]),
        "list: ETag '\"abc\"'": .keys(["a"]),
        "list: ETag 'abc'": .keys(["a"]),
        "list: ETag '&quot;abc-2&quot;'": .keys(["a"]),
        "list: ETag 'W/\"abc\"'": .keys(["a"]),
        "list: ETag ''": .keys(["a"]),
        "hostile: billion laughs": .refused,
        "hostile: quadratic entity": .refused,
        "hostile: external entity": .refused,
        "hostile: external DTD": .refused,
        "hostile: nested 1,000,000 deep": .refused,
        "hostile: 200,000 xmlns": .refused,
        "hostile: 1,000,000 attributes": .refused,
        "hostile: invalid UTF-8 in an element name": .refused,
        "hostile: invalid UTF-8 in a key": .refused,
        "hostile: NUL": .refused,
        "hostile: UTF-16": .refused,
        "BOM": .keys(["a"]),
        "two roots": .refused,
        "mismatched tags": .refused,
        "wrong root": .refused,
    ]

    @Test("reads or refuses every listing", arguments: expected.keys.sorted())
    func listing(name: String) throws {
        let test = try #require(try ScriptedAnswers.load()[name])
        switch try #require(Self.expected[name]) {
        case .keys(let keys):
            #expect(try S3ListAnswer(test.bytes, head: test.head).entries.map(\.key) == keys)
        case .refused:
            let failure = try #require(throws: AWSFailure.self) {
                try S3ListAnswer(test.bytes, head: test.head)
            }
            guard case .badAnswer(let message) = failure.cause else {
                Issue.record("\(failure.cause)")
                return
            }
            #expect(!message.isEmpty)
            #expect(message.utf8.count < 1_024)
        }
    }

    private func list(_ name: String, token: String? = nil) throws -> S3ListAnswer {
        let test = try #require(try ScriptedAnswers.load()[name])
        return try S3ListAnswer(test.bytes, head: test.head, token: token)
    }

    @Test func oneKeyHasSizeEtagAndTime() throws {
        let blob = try #require(try list("list: one key").page().blobs.first)
        #expect(blob.byteCount == 3)
        #expect(blob.etag == "\"900150983cd24fb0d6963f7d28e17f72\"")
        #expect(blob.lastModified == Date(timeIntervalSince1970: 1_749_990_896))
    }

    @Test func timesAreTheRightInstants() throws {
        let times: [(String, Double)] = [
            ("2025-06-15T12:34:56Z", 1_749_990_896),
            ("2025-06-15T12:34:56.123456Z", 1_749_990_896.123456),
            ("2025-06-15T12:34:56+02:00", 1_749_983_696),
            ("1969-12-31T23:59:59.000Z", -1),
            ("9999-12-31T23:59:59.000Z", 253_402_300_799),
        ]
        for (text, seconds) in times {
            let entry = try list("list: LastModified '\(text)'").entries.first
            let time = try #require(entry?.lastModified)
            #expect(abs(time.timeIntervalSince1970 - seconds) < 0.000_01)
        }
        let empty = try list("list: LastModified ''")
        #expect(empty.entries.first?.lastModified == nil)
        #expect(throws: AWSFailure.self) { try empty.page() }
    }

    @Test func etagsAreVerbatim() throws {
        for (name, etag) in [
            ("'\"abc\"'", "\"abc\""), ("'abc'", "abc"), ("'&quot;abc-2&quot;'", "\"abc-2\""),
            ("'W/\"abc\"'", "W/\"abc\""),
        ] {
            #expect(try list("list: ETag \(name)").entries.first?.etag == ETag(etag))
        }
        #expect(try list("list: ETag ''").entries.first?.etag == nil)
        #expect(throws: AWSFailure.self) { try list("list: ETag ''").page() }
    }

    @Test func tokensAreVerbatimAndNotTakenTwice() throws {
        #expect(try list("list: whitespace inside values").continuationToken == " t ")
        let special = try list("list: token with special characters").continuationToken
        #expect(special == "1+/=a b&")
        #expect(S3PathEncoding.component(try #require(special)) == "1%2B%2F%3Da%20b%26")
        #expect(try list("list: page with no keys but IsTruncated").continuationToken == "N")
        let again = "list: the same token again and again"
        #expect(try list(again).continuationToken == "T")
        #expect(throws: AWSFailure.self) { try list(again, token: "T") }
    }

    @Test func commonPrefixesAreGiven() throws {
        #expect(try list("list: CommonPrefixes").commonPrefixes == ["p/", "q/"])
    }

    @Test func largestSizeIsKept() throws {
        let entry = try list("list: Size '9223372036854775807'").entries.first
        #expect(entry?.byteCount == .max)
    }
}
