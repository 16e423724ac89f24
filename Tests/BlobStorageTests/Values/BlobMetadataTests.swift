import BlobStorage
import Testing

@Suite struct BlobMetadataTests {
    @Test func vectorsAreAcceptedOrRejected() throws {
        let vectors = try KeyVectors.load().metadata
        for pair in vectors.valid {
            let value = pair[1] == "x*2000" ? String(repeating: "x", count: 2_000) : pair[1]
            try BlobMetadata([pair[0]: value]).validate(operation: "put", key: "k")
        }
        for pair in vectors.mustReject {
            let error = try #require(throws: BlobError.self, "\(pair)") {
                try BlobMetadata([pair[0]: pair[1]]).validate(operation: "put", key: "k")
            }
            #expect(error.kind == .invalidArgument)
            #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test("rejects names that S3 would change", arguments: ["A", "x-Y", "a\u{e9}", "\u{212a}"])
    func names(_ name: String) {
        #expect(throws: BlobError.self) {
            try BlobMetadata([name: "v"]).validate(operation: "put", key: "k")
        }
    }

    @Test("keeps values of any printable text", arguments: ["", "\u{e9}", " a ", "a\u{1f600}"])
    func values(_ value: String) throws {
        var metadata = BlobMetadata()
        metadata["name"] = value
        try metadata.validate(operation: "put", key: "k")
        #expect(Array((metadata["name"] ?? "none").utf8) == Array(value.utf8))
    }

    @Test func namesAndValuesTogetherHaveAtMost2048Bytes() throws {
        let name = "n"
        let fits = String(repeating: "\u{e9}", count: 1_023) + "x"
        try BlobMetadata([name: fits]).validate(operation: "put", key: "k")
        let error = try #require(throws: BlobError.self) {
            try BlobMetadata([name: fits + "x"]).validate(operation: "put", key: "k")
        }
        #expect(error.message.contains("2049"))
    }

    @Test func comparesValuesByBytes() {
        #expect(BlobMetadata(["a": "\u{e9}"]) != BlobMetadata(["a": "e\u{301}"]))
        #expect(BlobMetadata(["a": "1", "b": "2"]) == ["b": "2", "a": "1"])
        #expect(
            BlobMetadata(["a": "1", "b": "2"]).hashValue
                == BlobMetadata(["b": "2", "a": "1"]).hashValue
        )
        #expect(BlobMetadata(["a": "1"]) != BlobMetadata())
    }

    @Test func pairsAreOrderedByName() {
        let metadata: BlobMetadata = ["b": "2", "a": "1", "a-": "3"]
        #expect(metadata.pairs.map(\.name) == ["a", "a-", "b"])
        #expect(metadata.description == "a=1, a-=3, b=2")
        #expect(metadata.count == 3 && !metadata.isEmpty)
    }

    @Test func ofALiteralsTwinsTheLastCounts() {
        let metadata: BlobMetadata = ["a": "1", "a": "2"]
        #expect(metadata["a"] == "2" && metadata.count == 1)
    }
}
