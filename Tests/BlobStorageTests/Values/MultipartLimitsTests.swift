import BlobStorage
import Testing

@Suite struct MultipartLimitsTests {
    @Test(
        "a part's number counts from 1",
        arguments: [(0, false), (1, true), (10_000, true), (10_001, false), (-1, false)]
    )
    func numbers(_ number: Int, _ isLegal: Bool) {
        let isAccepted =
            (try? MultipartLimits.s3.validate(partNumber: number, operation: "o", key: "k")) != nil
        #expect(isAccepted == isLegal)
    }

    private static func part(_ number: Int, _ byteCount: Int64) -> UploadedPart {
        UploadedPart(number: number, etag: "\"e\"", byteCount: byteCount)
    }

    private static let least: Int64 = 5 << 20

    @Test(
        "parts rise and all but the last are large enough",
        arguments: [
            ([], false), ([part(1, 0)], true), ([part(7, 1)], true),
            ([part(1, least), part(2, 1)], true), ([part(1, least), part(9, 1)], true),
            ([part(1, least - 1), part(2, 1)], false), ([part(2, least), part(1, least)], false),
            ([part(1, least), part(1, least)], false),
        ]
    )
    func completing(_ parts: [UploadedPart], _ isLegal: Bool) throws {
        do {
            try MultipartLimits.s3.validate(completing: parts, key: "k")
            #expect(isLegal)
        } catch let error as BlobError {
            #expect(!isLegal)
            #expect(error.kind == .invalidArgument)
        }
    }
}
