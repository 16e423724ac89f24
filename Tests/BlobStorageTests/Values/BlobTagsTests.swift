import BlobStorage
import Testing

/// The bounds are those of S3's guide.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
@Suite struct BlobTagsTests {
    @Test func takesWhatS3Takes() throws {
        var values: [String: String] = [:]
        for number in 0..<9 { values["name \(number)"] = "ü+-=._:/@" }
        values[String(repeating: "n", count: 128)] = String(repeating: "v", count: 256)
        let tags = try BlobTags(values)
        #expect(tags.count == 10)
        #expect(tags["name 3"] == "ü+-=._:/@")
        #expect(tags["none"] == nil)
        #expect(BlobTags().isEmpty)
    }

    @Test(
        "rejects what S3 rejects",
        arguments: [
            ["": "a"], [String(repeating: "n", count: 129): "a"],
            ["a": String(repeating: "v", count: 257)], ["a\n": "b"], ["a": "b\u{7f}"],
            Dictionary(uniqueKeysWithValues: (0..<11).map { ("\($0)", "") }),
        ]
    )
    func rejects(_ values: [String: String]) throws {
        let error = try #require(throws: BlobError.self) { try BlobTags(values) }
        #expect(error.kind == .invalidArgument)
    }

    @Test func bytesAreCompared() throws {
        #expect(try BlobTags(["a": "\u{e9}"]) != BlobTags(["a": "e\u{301}"]))
        #expect(try BlobTags(["b": "1", "a": "2"]).description == "a=2, b=1")
    }
}
