import BlobStorage
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

@Suite struct S3RequestHeadersTests {
    private func fields(_ add: (inout HTTPHeaders) throws -> Void) rethrows -> [String] {
        var headers = HTTPHeaders()
        try add(&headers)
        return headers.fields.map { "\($0.name): \($0.value)" }
    }

    @Test func contentHeadersAlwaysHaveAType() {
        let all = ContentHeaders(contentEncoding: "gzip", cacheControl: "max-age=60")
        #expect(
            fields { $0.add(all, for: "a.txt") } == [
                "content-type: text/plain", "content-encoding: gzip", "cache-control: max-age=60",
            ]
        )
    }

    @Test func conditions() throws {
        #expect(fields { $0.add(WriteCondition.none) }.isEmpty)
        #expect(fields { $0.add(WriteCondition.ifAbsent) } == ["if-none-match: *"])
        #expect(fields { $0.add(WriteCondition.ifMatches("\"e\"")) } == ["if-match: \"e\""])
        var reads = ReadConditions(
            modifiedSince: Date(timeIntervalSince1970: 784_111_777),
            unmodifiedSince: Date(timeIntervalSince1970: 784_111_777)
        )
        #expect(
            fields { $0.add(reads) } == [
                "if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT",
                "if-unmodified-since: Sun, 06 Nov 1994 08:49:37 GMT",
            ]
        )
        // An etag goes before a date, which some stores would look at all the same.
        reads.ifMatches = "\"a\""
        reads.ifNoneMatches = "\"b\""
        #expect(
            fields { $0.add(reads) } == ["if-match: \"a\"", "if-none-match: \"b\""]
        )
    }

    /// Values of `botocore-s3-operations.json`.
    @Test func copySource() {
        #expect(
            fields {
                $0.addCopySource(
                    "a b/ü+?&=%.txt",
                    bucket: "src-bucket",
                    conditions: ReadConditions(ifMatches: "\"abc\"")
                )
            } == [
                "x-amz-copy-source: src-bucket/a%20b/%C3%BC%2B%3F%26%3D%25.txt",
                "x-amz-copy-source-if-match: \"abc\"",
            ]
        )
        #expect(
            fields {
                $0.addCopySource(
                    "k",
                    bucket: "src-bucket",
                    versionID: "v1",
                    conditions: ReadConditions()
                )
            } == ["x-amz-copy-source: src-bucket/k?versionId=v1"]
        )
        #expect(S3Header.range(.bounded(0..<5_242_880)) == "bytes=0-5242879")
    }

    @Test func copyConditionIsTheVendors() throws {
        func add(_ vendor: S3Vendor) throws -> [String] {
            try fields { try $0.add(.ifAbsent, ofCopyTo: "k", vendor: vendor) }
        }
        #expect(try add(.aws) == ["if-none-match: *"])
        #expect(try add(.cloudflareR2) == ["cf-copy-destination-if-none-match: *"])
        let error = try #require(throws: BlobError.self) { try add(.backblazeB2) }
        #expect(error.kind == .unsupported)
        #expect(try fields { try $0.add(.none, ofCopyTo: "k", vendor: .backblazeB2) }.isEmpty)
    }

    @Test func rangesAndChecksums() throws {
        #expect(fields { $0.add(ByteRange.suffix(5)) } == ["range: bytes=-5"])
        #expect(fields { $0.add(ByteRange.from(7)) } == ["range: bytes=7-"])
        let checksum = try Checksum(.crc64NVME, base64: "rosUhgp5mIg=")
        #expect(fields { $0.add(checksum) } == ["x-amz-checksum-crc64nvme: rosUhgp5mIg="])
        #expect(
            fields { $0.addMultipartChecksum(.crc64NVME) } == [
                "x-amz-checksum-algorithm: CRC64NVME", "x-amz-checksum-type: FULL_OBJECT",
            ]
        )
    }
}
