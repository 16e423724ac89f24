import BlobStorage
import Testing

@testable import BlobStorageUploads

@Suite struct PartLayoutTests {
    @Test(
        "grows parts so that there are not too many",
        arguments: [
            // Bytes, wanted, part, count; the limits are those of S3.
            (16 << 20, 8 << 20, 8 << 20, 2), ((16 << 20) + 1, 8 << 20, 8 << 20, 3),
            (1, 8 << 20, 8 << 20, 1), (80_000 << 20, 8 << 20, 8 << 20, 10_000),
            ((80_000 << 20) + 1, 8 << 20, 9 << 20, 8_889), (1 << 40, 8 << 20, 105 << 20, 9_987),
            (20 << 20, 1, 5 << 20, 4), (50_000 << 30, 8 << 20, 5 << 30, 10_000),
        ] as [(Int64, Int64, Int64, Int)]
    )
    func grows(_ byteCount: Int64, _ wanted: Int64, _ part: Int64, _ count: Int) throws {
        let layout = try #require(PartLayout(byteCount: byteCount, wanted: wanted, limits: .s3))
        #expect(layout.partByteCount == part)
        #expect(layout.partCount == count)
    }

    @Test func tooMuchHasNoLayout() {
        #expect(PartLayout(byteCount: (50_000 << 30) + 1, wanted: 1, limits: .s3) == nil)
        #expect(PartLayout(byteCount: .max, wanted: 1, limits: .s3) == nil)
    }

    @Test("the parts are the whole", arguments: [1, 7, 8, 9, 16, 17, 100] as [Int64])
    func covers(_ byteCount: Int64) {
        let layout = PartLayout(byteCount: byteCount, partByteCount: 8)
        var offset: Int64 = 0
        for number in layout.numbers {
            #expect(layout.offset(of: number) == offset)
            #expect((1...8).contains(layout.byteCount(of: number)))
            offset += layout.byteCount(of: number)
        }
        #expect(offset == byteCount)
    }

    @Test func partsOfAnotherSizeDoNotCount() {
        let layout = PartLayout(byteCount: 20, partByteCount: 8)
        let parts = [(1, 8), (2, 7), (3, 4), (4, 4), (9, 8)].map { number, byteCount in
            UploadedPart(number: number, etag: "\"x\"", byteCount: Int64(byteCount))
        }
        #expect(layout.matching(parts).map(\.number) == [1, 3])
    }
}
