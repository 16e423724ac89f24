import Testing

@testable import BlobStorageS3

/// How much a put sends in one request.
@Suite struct SinglePutTests {
    /// Two parts, but no more than AWS takes: 5 GiB.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    @Test(
        "is bounded by what the vendor takes",
        arguments: [(8 << 20, 16 << 20), (3 << 30, 5 << 30), (5 << 30, 5 << 30)] as [(Int64, Int64)]
    )
    func bound(partByteCount: Int64, expected: Int64) throws {
        let store = try FaultFixture { $0.partByteCount = partByteCount }.store
        #expect(store.singlePutByteCount == expected)
    }
}
