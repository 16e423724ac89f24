import BlobStorage
import Testing

@testable import BlobStorageDisk

@Suite struct AttributeRecordTests {
    @Test func tellsThePartsAsTheDocumentationSays() throws {
        var record = AttributeRecord()
        record.version = "\"18a3f0-5\""
        record.parts = PartRuns([8_388_608, 8_388_608, 8_388_608, 123])
        // Of nothing at all: `printf '' | sha256sum`.
        let digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        record.composite = try Checksum(.sha256, base64: digest)
        let text = """
            blob-storage 1
            version "18a3f0-5"
            parts 8388608*3 123
            composite sha256 \(digest)

            """
        #expect(record.text == text)
        #expect(AttributeRecord(text: Array(text.utf8)) == record)
        #expect(!record.isImplied(by: "a.txt"))
    }

    @Test func aChecksumOverPartsIsNothingWithoutThem() throws {
        var record = AttributeRecord()
        record.composite = Checksum.of([], .crc32)
        #expect(!record.text.contains("composite"))
        record.headers = ContentHeaders().resolved(for: "a.txt")
        #expect(record.isImplied(by: "a.txt"))
        record.parts = PartRuns([1])
        #expect(!record.isImplied(by: "a.txt"))
    }

    @Test(
        "reads back what it wrote",
        arguments: [
            [0], [5], [5, 5], [5, 0, 5], [5, 6, 6, 5], Array(repeating: 1, count: 10_000),
            (0..<256).map { Int64($0) }, [Int64.max],
        ]
    )
    func roundTrip(_ byteCounts: [Int64]) throws {
        let runs = try #require(PartRuns(byteCounts))
        let read = try #require(PartRuns(text: Array(runs.text.utf8)[...]))
        #expect(read == runs)
        let total = byteCounts.reduce(0, +)
        #expect(read.byteCounts(inByteCount: total) == byteCounts)
        #expect(read.byteCounts(inByteCount: total - 1) == nil)
        if total < .max { #expect(read.byteCounts(inByteCount: total + 1) == nil) }
    }

    @Test(
        "forgets what is too much",
        arguments: [[], (0..<257).map { Int64($0) }, Array(repeating: 1, count: 10_001)]
    )
    func tooMany(_ byteCounts: [Int64]) {
        #expect(PartRuns(byteCounts) == nil)
    }

    @Test(
        "refuses what is no list of sizes",
        arguments: [
            "", " ", "1 ", "a", "-1", "+1", "1*", "*2", "1*0", "1*-1", "1*2*3", "1  2", "0x1",
            "9223372036854775808", "1*10001", "1*10000 2",
            Array(repeating: "1", count: 257).joined(separator: " "),
        ]
    )
    func malformed(_ text: String) {
        #expect(PartRuns(text: Array(text.utf8)[...]) == nil)
        // The record is good for all else, also for a version that keeps fewer parts.
        let record = AttributeRecord(
            text: Array("blob-storage 1\nversion \"1\"\nparts \(text)\nmeta a b\n".utf8)
        )
        #expect(record?.parts == nil)
        #expect(record?.metadata["a"] == "b")
    }

    @Test func sizesThatOverflowAreThoseOfNoBlob() throws {
        let text = "9223372036854775807*10000"
        let runs = try #require(PartRuns(text: Array(text.utf8)[...]))
        #expect(runs.byteCounts(inByteCount: .max) == nil)
        let sum = try #require(PartRuns(text: Array("9223372036854775807 1".utf8)[...]))
        #expect(sum.byteCounts(inByteCount: .max) == nil)
    }
}
