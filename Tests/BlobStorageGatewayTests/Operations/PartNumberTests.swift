import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Reads of one part of a blob.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
@Suite struct PartNumberTests {
    typealias Backing = GatewayConformanceTests.Backing

    @Test("serves each part of a blob", arguments: Backing.allCases)
    func parts(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        try await fixture.upload()
        let etag = try await fixture.store.head("m").etag.text
        let expected = [(1, "12345678", "0-7"), (2, "12345678", "8-15"), (3, "end", "16-18")]
        for (number, text, range) in expected {
            for method in ["GET", "HEAD"] {
                let answer = try await fixture.client.send(
                    method,
                    "/bucket/m?partNumber=\(number)",
                    ["If-Match": etag, "x-amz-checksum-mode": "ENABLED"]
                )
                #expect(answer.status == 206)
                #expect(answer.text == (method == "GET" ? text : ""))
                #expect(answer.headers["Content-Range"] == "bytes \(range)/19")
                #expect(answer.headers["x-amz-mp-parts-count"] == "3")
                #expect(answer.headers["ETag"] == etag)
                if method == "HEAD" {
                    #expect(answer.headers["Content-Length"] == String(text.utf8.count))
                }
            }
        }
        // A read of all of it has no count, as on S3.
        let whole = try await fixture.client.send("GET", "/bucket/m")
        #expect(whole.text == PartedFixture.whole)
        #expect(whole.headers["x-amz-mp-parts-count"] == nil)
    }

    @Test("refuses a part that there is not", arguments: Backing.allCases)
    func past(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        try await fixture.upload()
        try await fixture.store.put("one", "text")
        for (target, count) in [("m?partNumber=4", "3"), ("one?partNumber=2", "1")] {
            let answer = try await fixture.client.send("GET", "/bucket/\(target)")
            #expect(answer.status == 416)
            #expect(answer.code == "InvalidPartNumber")
            #expect(try answer.document.child("ActualPartCount")?.text == count)
            let head = try await fixture.client.send("HEAD", "/bucket/\(target)")
            #expect(head.status == 416)
        }
        for number in ["0", "10001", "x", "-1", ""] {
            let answer = try await fixture.client.send("GET", "/bucket/m?partNumber=\(number)")
            #expect(answer.status == 400)
            #expect(answer.code == "InvalidArgument")
        }
        let both = try await fixture.client.send(
            "GET",
            "/bucket/m?partNumber=1",
            ["Range": "bytes=0-1"]
        )
        #expect(both.code == "InvalidRequest")
        let missing = try await fixture.client.send("GET", "/bucket/none?partNumber=1")
        #expect(missing.code == "NoSuchKey")
    }

    @Test("a blob that was put is one part", arguments: Backing.allCases)
    func one(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        try await fixture.store.put("a", "0123456789")
        try await fixture.store.put("empty", "")
        for method in ["GET", "HEAD"] {
            let answer = try await fixture.client.send(method, "/bucket/a?partNumber=1")
            #expect(answer.status == 206)
            #expect(answer.headers["Content-Range"] == "bytes 0-9/10")
            #expect(answer.headers["x-amz-mp-parts-count"] == nil)
            let empty = try await fixture.client.send(method, "/bucket/empty?partNumber=1")
            #expect(empty.status == 200)
            #expect(empty.headers["Content-Length"] == "0")
            #expect(empty.headers["Content-Range"] == nil)
        }
    }

    @Test("a part without bytes has no range", arguments: Backing.allCases)
    func emptyPart(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        try await fixture.upload([:], ["12345678", ""])
        for method in ["GET", "HEAD"] {
            let answer = try await fixture.client.send(method, "/bucket/m?partNumber=2")
            #expect(answer.status == 206)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["Content-Length"] == "0")
            #expect(answer.headers["Content-Range"] == nil)
            #expect(answer.headers["x-amz-mp-parts-count"] == "2")
        }
    }

    @Test("judges conditions", arguments: Backing.allCases)
    func conditions(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        try await fixture.upload()
        let etag = try await fixture.store.head("m").etag.text
        let expected: [(HTTPHeaders, Int)] = [
            (["If-Match": "\"no\""], 412), (["If-None-Match": etag], 304),
            (["If-Match": "*"], 206), (["If-None-Match": "\"no\", \"neither\""], 206),
            (["If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"], 206),
            (["If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"], 412),
        ]
        for (headers, status) in expected {
            for method in ["GET", "HEAD"] {
                let answer = try await fixture.client.send(
                    method,
                    "/bucket/m?partNumber=2",
                    headers
                )
                #expect(answer.status == status, "\(method) \(headers)")
            }
        }
    }

    @Test func aStoreThatRemembersNoPartsHasOne() async throws {
        let fixture = try await PartedFixture(.memory) { SimpleStore(base: $0) }
        try await fixture.upload()
        let answer = try await fixture.client.send("GET", "/bucket/m?partNumber=1")
        #expect(answer.status == 206)
        #expect(answer.text == PartedFixture.whole)
        #expect(answer.headers["x-amz-mp-parts-count"] == nil)
        let second = try await fixture.client.send("GET", "/bucket/m?partNumber=2")
        #expect(second.code == "InvalidPartNumber")
    }

    /// Whatever is there when the bytes are read, they are a part of it, and the head is of the same.
    @Test("a blob that is replaced between is looked at again", arguments: [1, 3, 100])
    func replaced(_ times: Int) async throws {
        let looks = Locked(0)
        let fixture = try await PartedFixture(.memory) { base in
            ReplacedStore(base: base) {
                let number = looks.withLock { looks in
                    looks += 1
                    return looks
                }
                // Parts of other sizes.
                if number <= times { try await Self.upload(["abc", "defghi"], base) }
            }
        }
        try await Self.upload(PartedFixture.texts, fixture.store)
        let answer = try await fixture.client.send("GET", "/bucket/m?partNumber=2")
        guard times < 100 else {
            #expect(answer.status == 503)
            #expect(looks.withLock { $0 } == 8)
            return
        }
        #expect(answer.text == "defghi")
        #expect(answer.headers["Content-Range"] == "bytes 3-8/9")
        #expect(answer.headers["x-amz-mp-parts-count"] == "2")
        #expect(answer.headers["ETag"] == (try await fixture.store.head("m").etag.text))
    }

    @Test func aClientsOwnConditionHoldsForWhatIsThereThen() async throws {
        let fixture = try await PartedFixture(.memory) { base in
            ReplacedStore(base: base) { try await base.put("m", "other") }
        }
        try await Self.upload(PartedFixture.texts, fixture.store)
        let etag = try await fixture.store.head("m").etag.text
        let answer = try await fixture.client.send(
            "GET",
            "/bucket/m?partNumber=2",
            ["If-Match": etag]
        )
        #expect(answer.status == 412)
    }

    private static func upload(
        _ texts: [String],
        _ store: any MultipartBlobStore
    ) async throws {
        let upload = try await store.createMultipartUpload("m")
        var parts: [UploadedPart] = []
        for (index, text) in texts.enumerated() {
            parts.append(try await store.uploadPart(index + 1, of: upload, Array(text.utf8)))
        }
        try await store.completeMultipartUpload(upload, parts: parts)
    }
}

/// A store in which something happens right after each look at a blob's parts.
private struct ReplacedStore: PartedBlobStore {
    let base: any MultipartBlobStore
    let afterLook: @Sendable () async throws -> Void

    var capabilities: Capabilities { base.capabilities }

    func prepare() async throws {}

    func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        let store = try #require(base as? any PartedBlobStore)
        let found = try await store.headParts(key, options: options)
        try await afterLook()
        return found
    }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(keys)
    }

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}
