import BlobStorage
import Testing

@Suite struct ByteRangeTests {
    /// RFC 9110, section 14.1.2, its examples for 10,000 bytes included.
    @Test(
        "resolves to offsets within the blob",
        arguments: [
            (.bounded(0..<500), 10_000, 0..<500), (.bounded(500..<1_000), 10_000, 500..<1_000),
            (.suffix(500), 10_000, 9_500..<10_000), (.from(9_500), 10_000, 9_500..<10_000),
            (.bounded(0..<1), 10_000, 0..<1), (.suffix(1), 10_000, 9_999..<10_000),
            (.bounded(9_999..<20_000), 10_000, 9_999..<10_000),
            (.bounded(0..<Int64.max), 10, 0..<10), (.from(0), 1, 0..<1),
            (.suffix(Int64.max), 10, 0..<10), (.suffix(11), 10, 0..<10), (.suffix(5), 0, 0..<0),
            (.first(3), 10, 0..<3), (.first(30), 10, 0..<10),
        ] as [(ByteRange, Int64, Range<Int64>)]
    )
    func resolves(_ range: ByteRange, _ byteCount: Int64, _ expected: Range<Int64>) throws {
        #expect(try range.resolved(inByteCount: byteCount) == expected)
    }

    @Test(
        "can't begin at or after the end",
        arguments: [
            (.bounded(10..<11), 10), (.bounded(11..<12), 10), (.from(10), 10),
            (.from(Int64.max), 10), (.from(0), 0), (.bounded(0..<1), 0), (.first(1), 0),
        ] as [(ByteRange, Int64)]
    )
    func unsatisfiable(_ range: ByteRange, _ byteCount: Int64) throws {
        let error = try #require(throws: BlobError.self) {
            try range.resolved(inByteCount: byteCount, operation: "get", key: "k")
        }
        #expect(error.kind == .rangeNotSatisfiable)
        #expect(error.operation == "get" && error.key == "k")
    }

    @Test(
        "must ask for at least one byte from 0 on",
        arguments: [
            .bounded(5..<5), .bounded(-1..<5), .from(-1), .suffix(0), .suffix(-1), .first(0),
            .first(-3), .bounded(-5 ..< -1), .suffix(Int64.min), .from(Int64.min),
        ] as [ByteRange]
    )
    func senseless(_ range: ByteRange) throws {
        for byteCount in [0, 10] as [Int64] {
            let error = try #require(throws: BlobError.self) {
                try range.resolved(inByteCount: byteCount)
            }
            #expect(error.kind == .invalidArgument)
        }
    }
}
