import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

@Suite struct S3ObjectHeadTests {
    private let basic: HTTPHeaders = [
        "ETag": "\"e\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT", "Content-Length": "7",
    ]

    private func head(
        _ extra: [(String, String)],
        status: Int = 200,
        asked: ByteRange? = nil
    ) throws -> S3ObjectHead {
        var headers = basic
        for (name, value) in extra { headers[name] = value }
        return try S3ObjectHead(
            HTTPResponse(status: status, headers: headers),
            key: "k.txt",
            asked: asked
        )
    }

    @Test func everythingIsRead() throws {
        let head = try head([
            ("content-type", "text/plain"), ("content-encoding", "aws-chunked, gzip"),
            ("content-language", "de"), ("content-disposition", "inline"),
            ("cache-control", "no-cache"), ("expires", "0"), ("X-Amz-Meta-A-B", "x"),
            ("x-amz-meta-c", "UTF-8''%C3%BC"), ("x-amz-version-id", "v1"),
            ("x-amz-storage-class", "GLACIER"), ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
            ("x-amz-checksum-type", "FULL_OBJECT"),
        ])
        let attributes = head.attributes
        #expect(attributes.byteCount == 7)
        #expect(attributes.etag == "\"e\"")
        // The instant of RFC 9110's example.
        #expect(attributes.lastModified.timeIntervalSince1970 == 784_111_777)
        #expect(
            attributes.headers
                == ContentHeaders(
                    contentType: "text/plain",
                    contentEncoding: "gzip",
                    contentLanguage: "de",
                    contentDisposition: "inline",
                    cacheControl: "no-cache",
                    expires: "0"
                )
        )
        #expect(attributes.metadata == ["a-b": "x", "c": "ü"])
        #expect(attributes.checksum?.description == "crc64nvme:rosUhgp5mIg=")
        #expect(head.range == 0..<7)
        #expect(head.versionID == "v1")
        #expect(head.storageClass == "GLACIER")
    }

    @Test func transferCodingIsNotTheContents() throws {
        #expect(
            try head([("content-encoding", "aws-chunked")]).attributes.headers
                .contentEncoding == nil
        )
        #expect(try head([]).attributes.headers.contentType == "application/octet-stream")
    }

    @Test(
        "takes no checksum that is not one of all bytes",
        arguments: [
            [("x-amz-checksum-crc64nvme", "rosUhgp5mIg="), ("x-amz-checksum-type", "COMPOSITE")],
            [("x-amz-checksum-crc32c", "yZRlqg==-3")],
            [("x-amz-checksum-sha256", "AAAA")],
            [("x-amz-checksum-crc32", "AAAA")],
            [("x-amz-checksum-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")],
        ]
    )
    func unusable(headers: [(String, String)]) throws {
        #expect(try head(headers).attributes.checksum == nil)
    }

    @Test(
        "refuses a head without what every answer has",
        arguments: [
            ("etag", ""), ("last-modified", "yesterday"), ("content-length", "-7"),
            ("content-length", "7 "), ("content-length", "99999999999999999999"),
        ]
    )
    func bad(name: String, value: String) {
        #expect(throws: AWSFailure.self) { try head([(name, value)]) }
    }

    @Test func rangesAreChecked() throws {
        let good = try head(
            [("content-range", "bytes 3-9/100")],
            status: 206,
            asked: .bounded(3..<10)
        )
        #expect(good.range == 3..<10)
        #expect(good.attributes.byteCount == 100)
        let suffix = try head(
            [("content-range", "bytes 93-99/100")],
            status: 206,
            asked: .suffix(7)
        )
        #expect(suffix.range == 93..<100)
        let cut = try head([("content-range", "bytes 93-99/100")], status: 206, asked: .from(93))
        #expect(cut.range == 93..<100)
        for (text, asked) in [
            ("bytes 3-9/*", ByteRange.bounded(3..<10)), ("bytes 9-3/100", .bounded(3..<10)),
            ("bytes 3-100/100", .bounded(3..<10)), ("items 3-9/100", .bounded(3..<10)),
            ("bytes 3-9", .bounded(3..<10)), ("", .bounded(3..<10)),
            ("bytes 2-8/100", .bounded(3..<10)), ("bytes 3-10/100", .bounded(3..<10)),
            ("bytes 3-8/100", .bounded(3..<10)), ("bytes +3-9/100", .bounded(3..<10)),
            ("bytes 3-9/99999999999999999999", .bounded(3..<10)),
            ("bytes 92-98/100", .suffix(7)),
        ] {
            #expect(throws: AWSFailure.self) {
                try head([("content-range", text)], status: 206, asked: asked)
            }
        }
    }

    @Test func aChecksumOfARangeIsTakenOnlyIfItSaysOfWhat() throws {
        let range = ("content-range", "bytes 3-9/100")
        let sum = ("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")
        let asked = ByteRange.bounded(3..<10)
        #expect(try head([range, sum], status: 206, asked: asked).attributes.checksum == nil)
        let type = ("x-amz-checksum-type", "FULL_OBJECT")
        #expect(try head([range, sum, type], status: 206, asked: asked).attributes.checksum != nil)
    }
}
