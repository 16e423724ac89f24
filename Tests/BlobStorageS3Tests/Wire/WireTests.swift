import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTransportTestSupport
import Foundation
import Testing

/// The cases of `s3/scripted-responses.json` that are about the wire: the store, over libcurl, reads
/// from a server that sends just these bytes.
@Suite(.timeLimit(.minutes(10))) struct WireTests {
    /// How a read ends.
    enum End: Sendable {
        case bytes(Int)
        case error(Set<BlobError.Kind>)
    }

    struct Expectation: Sendable {
        let end: End
        /// How many requests are answered badly before the server mends.
        var badCount = 1
        /// How many requests are sent.
        var requestCount = 1
        /// The size of the whole blob.
        var byteCount = 5
    }

    /// A cut body goes on where it ended; an answer without the blob's length is none.
    static let expectations: [String: Expectation] = [
        "body shorter than Content-Length, then close":
            Expectation(end: .bytes(1_000), requestCount: 2, byteCount: 1_000),
        "body reset mid-way":
            Expectation(end: .bytes(1_000), requestCount: 2, byteCount: 1_000),
        // One request and three that go on; a busy machine may be late with the first one's head.
        "body stalls": Expectation(end: .error([.timedOut]), badCount: 99, requestCount: 6),
        "chunked body cut off":
            Expectation(end: .error([.unavailable]), badCount: 9, requestCount: 3),
        "chunked body with a bad size line":
            Expectation(end: .error([.unavailable]), badCount: 9, requestCount: 3),
        "no Content-Length, close-delimited":
            Expectation(end: .error([.unavailable]), badCount: 9, requestCount: 3),
        "Content-Length 2^63":
            Expectation(end: .error([.unavailable]), badCount: 99, requestCount: 9),
        "Content-Length twice, different": Expectation(end: .error([.unavailable])),
        "Content-Length and chunked": Expectation(end: .bytes(5)),
        "wrong x-amz-checksum-crc32": Expectation(end: .error([.integrityFailure])),
        "1,000,000 header lines":
            Expectation(end: .error([.unavailable]), badCount: 9, requestCount: 3),
        "one 64 MiB header":
            Expectation(end: .error([.unavailable]), badCount: 9, requestCount: 3),
        "obs-fold and bare LF in headers": Expectation(end: .bytes(0)),
        "duplicate ETag headers": Expectation(end: .bytes(0)),
        "100-continue then 500": Expectation(end: .bytes(5), requestCount: 2),
        "103 early hints then 200": Expectation(end: .bytes(5)),
        "garbage instead of HTTP": Expectation(end: .error([.unavailable])),
        "HTTP/0.9 style body": Expectation(end: .error([.unavailable])),
        "extra bytes after the body": Expectation(end: .bytes(5)),
    ]

    static let others: Set<String> = [
        "hostile: 256 MiB text", "response before the request body is sent",
        "keep-alive closed just before the next request",
    ]

    /// More than the system keeps of a connection's bytes, and far less than what is sent.
    private static let floodLimit = 48 << 20

    private func store(
        _ server: RawServer,
        idleTimeout: Duration = .seconds(30)
    ) throws -> S3Store {
        var configuration = FaultFixture.configuration
        configuration.endpoint = "http://127.0.0.1:\(server.port)"
        configuration.idleTimeout = idleTimeout
        configuration.partByteCount = 8 << 20
        return try S3Store(
            configuration,
            credentials: RotatingCredentials(),
            transport: CurlTransport(),
            random: { 0 }
        )
    }

    private func test(_ name: String) throws -> ScriptedAnswers.Case {
        try #require(try ScriptedAnswers.load()[name])
    }

    @Test func everyCaseAboutTheWireIsHere() {
        #expect(Set(Self.expectations.keys).union(Self.others) == ScriptedFailureTests.wire)
    }

    @Test("reads, or says why not", arguments: expectations.keys.sorted())
    func reads(_ name: String) async throws {
        let expectation = try #require(Self.expectations[name])
        let body = String(repeating: "x", count: expectation.byteCount)
        let server = try WireServer(try test(name), badCount: expectation.badCount, body: body)
        let isStalling = name == "body stalls"
        let store = try store(
            server.raw,
            idleTimeout: isStalling ? .milliseconds(200) : .seconds(30)
        )
        do {
            let blob = try await store.get("a")
            var bytes: [UInt8] = []
            for try await chunk in blob.body { bytes += chunk }
            guard case .bytes(let count) = expectation.end else {
                Issue.record("read \(bytes.count) bytes")
                return
            }
            #expect(bytes.count == count)
            let etag = blob.attributes.etag.text
            #expect(etag == (name.contains("duplicate") ? "\"a\"" : "\"etag\""))
        } catch let error as BlobError {
            guard case .error(let kinds) = expectation.end else {
                Issue.record("\(error)")
                return
            }
            #expect(kinds.contains(error.kind), "\(error)")
        }
        let heads = server.raw.record.heads.withLock { $0 }
        #expect(heads.count <= expectation.requestCount)
        if case .bytes = expectation.end { #expect(heads.count == expectation.requestCount) }
        for head in heads.dropFirst() where expectation.byteCount == 1_000 {
            #expect(head.field("range") == "bytes=400-999")
            #expect(head.field("if-match") == "\"etag\"")
        }
        #expect(server.floodByteCount.withLock { $0 } < Self.floodLimit)
    }

    @Test func aConnectionWithExtraBytesIsNotUsedAgain() async throws {
        let server = try WireServer(
            try test("extra bytes after the body"),
            badCount: 1,
            body: "again"
        )
        let store = try store(server.raw)
        _ = try await store.get("a").body.collect(upTo: 100)
        #expect(try await store.get("a").body.collect(upTo: 100) == Array("again".utf8))
        #expect(server.raw.record.connectionCount.withLock { $0 } == 2)
    }

    @Test func aListWithoutEndIsRefused() async throws {
        let server = try WireServer(try test("hostile: 256 MiB text"), badCount: 9, body: "")
        let store = try store(server.raw)
        let error = try await #require(throws: BlobError.self) {
            try await store.list(ListOptions())
        }
        #expect(error.kind == .unavailable)
        let requestCount = server.raw.record.heads.withLock { $0.count }
        #expect(server.floodByteCount.withLock { $0 } < requestCount * Self.floodLimit)
    }

    @Test func anEarlyAnswerEndsTheBodyAndTheConnection() async throws {
        let name = "response before the request body is sent"
        let server = try WireServer(try test(name), badCount: 1, body: "")
        let store = try store(server.raw)
        let bytes = [UInt8](repeating: 1, count: 12 << 20)
        let attributes = try await store.put("a", bytes)
        #expect(attributes.byteCount == 12 << 20)
        #expect(server.raw.record.connectionCount.withLock { $0 } == 2)
        #expect(server.raw.record.heads.withLock { $0.count } == 2)
    }

    @Test func aConnectionThatWasClosedWhileIdleIsReplaced() async throws {
        let name = "keep-alive closed just before the next request"
        _ = try test(name)
        let server = try RawServer { connection in
            // One answer a connection, which does not say that it is the last.
            guard try connection.readRequest() != nil else { return }
            try connection.send(
                "HTTP/1.1 200 OK\r\nETag: \"etag\"\r\nLast-Modified: "
                    + "Sun, 15 Jun 2025 12:34:56 GMT\r\nContent-Length: 5\r\n\r\nhello"
            )
        }
        let store = try store(server)
        for _ in 0..<5 {
            let bytes = try await store.get("a").body.collect(upTo: 100)
            #expect(bytes == Array("hello".utf8))
        }
        _ = try await store.put("a", "text", options: PutOptions(condition: .ifAbsent))
    }
}
