import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTransportTestSupport
import Foundation
import Testing

/// What the store does about the error answers of `s3/scripted-responses.json`, beside telling them:
/// whether it tries again, with which credentials and by which clock.
@Suite struct ScriptedRetryTests {
    /// The cases whose `expect` says that the same is tried again, and how often it is sent.
    static let retried: Set<String> = [
        "409 ConditionalRequestConflict", "409 OperationAborted", "503 SlowDown",
        "500 InternalError", "400 RequestTimeout", "503 HTML from a load balancer", "500 JSON",
        "429 empty", "503 with Retry-After", "error 5 MiB long",
        "CompleteMultipartUpload: 200 + Error", "CopyObject: 200 + Error",
        "UploadPartCopy: 200 + Error", "Complete: whitespace keep-alive then Error",
    ]
    static let refused: Set<String> = [
        "404 NoSuchKey", "404 NoSuchBucket", "404 NoSuchUpload", "403 AccessDenied",
        "403 SignatureDoesNotMatch", "412 PreconditionFailed", "416 InvalidRange",
        "400 EntityTooLarge", "400 BadDigest", "400 InvalidDigest",
        "HEAD 404 without a body", "HEAD 403 without a body", "HEAD 412", "HEAD 304",
        "error with nested/unknown fields", "error wrapped (ErrorResponse)",
    ]

    private struct Fixture {
        let transport: ScriptedTransport
        let time: VirtualTime
        let store: S3Store
    }

    /// A store on a server that answers with the case as often as asked.
    private func fixture(
        _ name: String,
        serverIsAhead seconds: Double = 0,
        timeout: Duration? = nil,
        mendsAfter count: Int? = nil
    ) throws -> Fixture {
        let test = try #require(try ScriptedAnswers.load()[name])
        let time = VirtualTime()
        let bad = ScriptStep.respond { _ in
            var headers = test.httpHeaders
            headers["Date"] = HTTPDate.text(time.trueNow.addingTimeInterval(seconds))
            let body = test.operation == "HeadObject" ? [] : test.bytes
            return HTTPResponse(status: test.status, headers: headers, body: BlobBody(body))
        }
        let good = ScriptStep.answer(200, ["ETag": "\"e\""])
        let transport = ScriptedTransport(
            Array(repeating: bad, count: count ?? 0),
            then: count == nil ? bad : good,
            time: time
        )
        var configuration = FaultFixture.configuration
        configuration.operationTimeout = timeout
        let store = try S3Store(
            configuration,
            credentials: RotatingCredentials(),
            transport: transport,
            time: time.source,
            random: { 0.5 }
        )
        return Fixture(transport: transport, time: time, store: store)
    }

    private func call(_ name: String, _ store: S3Store) async throws {
        switch try ScriptedAnswers.load()[name]?.operation {
        case "GetObject": _ = try await store.get("a")
        case "HeadObject": _ = try await store.head("a")
        case "CopyObject": _ = try await store.copy("a", to: "b")
        case "CompleteMultipartUpload", "UploadPartCopy":
            let part = UploadedPart(number: 1, etag: "\"p\"", byteCount: 1)
            let upload = MultipartUpload(key: "a", id: "u")
            _ = try await store.completeMultipartUpload(upload, parts: [part])
        default: _ = try await store.put("a", "text")
        }
    }

    /// The count of requests but for the look at what became of a change.
    private func attempts(_ fixture: Fixture) -> Int {
        let sent = fixture.transport.sent
        return sent.count { $0.http.method == sent.first?.http.method }
    }

    @Test("tries again", arguments: retried.sorted())
    func retries(_ name: String) async throws {
        let fixture = try fixture(name)
        let error = try await #require(throws: BlobError.self) {
            try await call(name, fixture.store)
        }
        #expect(attempts(fixture) == 3)
        let status = try #require(try ScriptedAnswers.load()[name]).status
        #expect(error.remote?.status == status)
        // What was sent each time is the same, the body too.
        let first = try #require(fixture.transport.sent.first)
        for sent in fixture.transport.sent.prefix(3) { #expect(sent.body == first.body) }
    }

    @Test("does not try again", arguments: refused.sorted())
    func refuses(_ name: String) async throws {
        let fixture = try fixture(name)
        await #expect(throws: BlobError.self) { try await call(name, fixture.store) }
        // Without a code, credentials that call themselves expired are worth one attempt more.
        #expect(attempts(fixture) == (name == "HEAD 403 without a body" ? 2 : 1))
        #expect(fixture.time.sleepCount == 0)
    }

    @Test func retriesEndWithTheFirstGoodAnswer() async throws {
        let fixture = try fixture("503 SlowDown", mendsAfter: 2)
        let attributes = try await fixture.store.put("a", "text")
        #expect(attributes.etag == "\"e\"")
        #expect(fixture.transport.requestCount == 3)
    }

    @Test func waitsAsLongAsTheServerAsks() async throws {
        let name = "503 with Retry-After"
        let test = try #require(try ScriptedAnswers.load()[name])
        let seconds = try #require(test.httpHeaders["Retry-After"].flatMap { Int($0) })
        let fixture = try fixture(name)
        await #expect(throws: BlobError.self) { _ = try await fixture.store.get("a") }
        #expect(fixture.time.uptime >= .seconds(2 * seconds))
        #expect(fixture.time.uptime < .seconds(2 * seconds + 1))
        let short = try self.fixture(name, timeout: .seconds(1))
        await #expect(throws: BlobError.self) { _ = try await short.store.get("a") }
        #expect(short.time.uptime <= .seconds(1))
    }

    @Test func correctsTheClockOnce() async throws {
        let name = "403 RequestTimeTooSkewed"
        let fixture = try fixture(name, serverIsAhead: 1_200)
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.put("a", "text")
        }
        #expect(error.kind == .unauthenticated)
        #expect(error.message.contains("clock"))
        let dates = fixture.transport.sent.compactMap { sent in
            sent.http.headers["x-amz-date"].flatMap { AWSDate.parse($0) }
        }
        #expect(dates.count == 2)
        #expect(dates.last == fixture.time.trueNow.addingTimeInterval(1_200))
    }

    @Test func takesOtherCredentialsOnce() async throws {
        let fixture = try fixture("400 ExpiredToken")
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.put("a", "text")
        }
        #expect(error.kind == .unauthenticated)
        let keys = fixture.transport.sent.map { sent in
            FakeS3.accessKey(of: sent.http.headers["Authorization"] ?? "")
        }
        #expect(keys == ["AKIDTEST0", "AKIDTEST1"])
        #expect(!error.description.contains("AKIDTEST"))
    }

    @Test(
        "never follows to another host",
        arguments: ["301 PermanentRedirect", "307 TemporaryRedirect"]
    )
    func redirects(_ name: String) async throws {
        let fixture = try fixture(name)
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.put("a", "text")
        }
        #expect([.invalidArgument, .unavailable].contains(error.kind))
        for sent in fixture.transport.sent { #expect(sent.http.url.host == "s3.example.com") }
    }

    @Test func everyErrorIsHere() {
        let own: Set<String> = [
            "403 RequestTimeTooSkewed", "400 ExpiredToken", "301 PermanentRedirect",
            "307 TemporaryRedirect",
        ]
        let all = Self.retried.union(Self.refused).union(own)
        #expect(Set(ScriptedFailureTests.kinds.keys).isSubset(of: all))
    }
}
