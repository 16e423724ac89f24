import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Testing

/// The heads of `GetObject` answers of `s3/scripted-responses.json` that can be judged without
/// their bodies.
@Suite struct ScriptedHeadTests {
    static let names: Set<String> = [
        "composite checksum on a multipart object", "Range answered 200 with the whole body",
        "Range answered with another Content-Range", "206 without a Range asked",
        "gzip Content-Encoding",
    ]

    private func head(_ name: String, asked: ByteRange? = nil) throws -> S3ObjectHead {
        let test = try #require(try ScriptedAnswers.load()[name])
        var headers = test.httpHeaders
        headers["etag"] = "\"e\""
        headers["last-modified"] = "Sun, 15 Jun 2025 12:34:56 GMT"
        headers["content-length"] = test.framing?.contentLength.map { String($0) }
        return try S3ObjectHead(
            HTTPResponse(status: test.status, headers: headers),
            key: "k",
            asked: asked
        )
    }

    @Test func compositeChecksumIsNoneOfTheWholeBlob() throws {
        #expect(
            try head("composite checksum on a multipart object").attributes.checksum == nil
        )
    }

    @Test func contentEncodingIsKept() throws {
        let attributes = try head("gzip Content-Encoding").attributes
        #expect(attributes.headers.contentEncoding == "gzip")
        #expect(attributes.byteCount == 5)
    }

    @Test func aRangeIsTheOneAskedFor() throws {
        let other = "Range answered with another Content-Range"
        #expect(throws: AWSFailure.self) { try head(other, asked: .bounded(0..<10)) }
        #expect(try head(other, asked: .bounded(5..<15)).range == 5..<15)
        #expect(try head(other, asked: .bounded(5..<15)).attributes.byteCount == 100)
        let whole = "Range answered 200 with the whole body"
        #expect(throws: AWSFailure.self) { try head(whole, asked: .bounded(0..<10)) }
        #expect(try head(whole, asked: .from(0)).range == 0..<1_000)
        #expect(throws: AWSFailure.self) { try head("206 without a Range asked") }
    }
}
