import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// What is sent again, how often and after how long.
///
/// What S3's codes ask for is in its list of error responses:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
@Suite struct AWSClientRetryTests {
    @Test("retries answers that may change", arguments: [408, 429, 500, 502, 503, 504, 522])
    func transientStatus(_ status: Int) async throws {
        let fixture = ClientFixture([.answer(status), .answer(200, [:], "ok")])
        #expect(try await fixture.perform() == "ok")
        #expect(fixture.transport.requestCount == 2)
    }

    @Test(
        "does not retry answers that stay",
        arguments: [301, 304, 307, 400, 401, 403, 404, 405, 409, 411, 412, 416, 501, 505]
    )
    func permanentStatus(_ status: Int) async throws {
        let fixture = ClientFixture(then: .answer(status))
        let failure = try await fixture.failure()
        #expect(failure.answer?.status == status)
        #expect(failure.attemptCount == 1)
        #expect(fixture.transport.requestCount == 1)
    }

    @Test(
        "retries codes that may change, whatever the status",
        arguments: [
            (400, "RequestTimeout"), (409, "OperationAborted"),
            (409, "ConditionalRequestConflict"), (503, "SlowDown"), (400, "ThrottlingException"),
            (400, "Throttling"), (400, "ProvisionedThroughputExceededException"),
            (200, "InternalError"), (403, "RequestThrottled"),
        ]
    )
    func transientCode(_ status: Int, _ code: String) async throws {
        let fixture = ClientFixture(then: .answer(200))
        let counter = Locked(0)
        let result = try await fixture.client.perform(fixture.request()) { _ in
            let count = counter.withLock { count in
                count += 1
                return count
            }
            guard count == 1 else { return count }
            throw AWSFailure(.answer(.init(status: status, code: code)))
        }
        #expect(result == 2)
    }

    @Test(
        "does not retry codes that stay",
        arguments: ["EntityTooLarge", "BadDigest", "NoSuchKey"]
    )
    func permanentCode(_ code: String) async throws {
        let fixture = ClientFixture(then: .answer(400, [:], errorXML(code)))
        let failure = try await fixture.failure()
        #expect(failure.answer?.code == code)
        #expect(fixture.transport.requestCount == 1)
    }

    @Test func stopsAfterTheMostAttempts() async throws {
        let retry = RetryPolicy(maximumAttempts: 4)
        let fixture = ClientFixture(then: .answer(500, [:], "<html>"), retry: retry)
        let failure = try await fixture.failure()
        #expect(failure.attemptCount == 4)
        #expect(failure.answer?.status == 500)
        #expect(fixture.transport.requestCount == 4)
    }

    @Test func delaysDoubleUpToTheMost() async throws {
        let retry = RetryPolicy(
            maximumAttempts: 6,
            baseDelay: .seconds(1),
            maximumDelay: .seconds(5)
        )
        let fixture = ClientFixture(then: .answer(500), retry: retry, jitter: 0.5)
        _ = try await fixture.failure()
        let times = fixture.transport.sent.map(\.time)
        let delays = zip(times.dropFirst(), times).map { $0 - $1 }
        let expected: [Duration] = [
            .milliseconds(500), .seconds(1), .seconds(2), .milliseconds(2_500),
            .milliseconds(2_500),
        ]
        #expect(delays == expected)
    }

    @Test("waits no time when the dice say so") func fullJitter() async throws {
        let fixture = ClientFixture(then: .answer(500), jitter: 0)
        _ = try await fixture.failure()
        #expect(fixture.time.uptime == .zero)
    }

    @Test(
        "waits at least as long as the server asks",
        arguments: [
            (["Retry-After": "2"], .seconds(2)),
            (["retry-after": " 3 "], .seconds(3)),
            (["x-amz-retry-after": "1500"], .milliseconds(1_500)),
            (["Retry-After": "86400"], .seconds(30)),
            (["Retry-After": "99999999999999999999"], .zero),
            (["Retry-After": "-5"], .zero),
            (["Retry-After": "soon"], .zero),
            (
                [
                    "Retry-After": "Wed, 21 Oct 2015 07:28:07 GMT",
                    "Date": "Wed, 21 Oct 2015 07:28:00 GMT",
                ], .seconds(7)
            ),
            // 1,750,000,000 s after 1970 is 2025-06-15 15:06:40, the clock's start.
            (["Retry-After": "Sun, 15 Jun 2025 15:06:45 GMT"], .seconds(5)),
            (["Retry-After": "Sun, 15 Jun 2025 15:06:00 GMT"], .zero),
        ] as [(HTTPHeaders, Duration)]
    )
    func retryAfter(_ headers: HTTPHeaders, _ delay: Duration) async throws {
        let fixture = ClientFixture([.answer(503, headers), .answer(200)], jitter: 0)
        try await fixture.perform()
        #expect(fixture.time.uptime == delay)
    }

    @Test("retries lost connections", arguments: [ScriptStep.refuse(), .refuse(.tlsFailed)])
    func nothingArrived(_ step: ScriptStep) async throws {
        let fixture = ClientFixture([step, .answer(200)])
        let body = BlobBody(Array("body".utf8))
        try await fixture.perform(fixture.request(.post, body: body, isIdempotent: false))
        #expect(fixture.transport.requestCount == 2)
    }

    @Test("retries what may have arrived only if it may be done twice", arguments: [true, false])
    func mayHaveArrived(_ isIdempotent: Bool) async throws {
        for step in [ScriptStep.loseAnswer(), .answer(500), .brokenBody(200)] {
            let fixture = ClientFixture([step, .answer(200)])
            let request = fixture.request(.post, isIdempotent: isIdempotent)
            if isIdempotent {
                try await fixture.perform(request)
                #expect(fixture.transport.requestCount == 2)
            } else {
                let failure = try await fixture.failure(request)
                #expect(failure.mayHaveHappened)
                #expect(fixture.transport.requestCount == 1)
            }
        }
    }

    @Test(
        "does not retry what would fail again",
        arguments: [HTTPError.Kind.invalidRequest, .badAnswer, .closed]
    )
    func permanentTransportErrors(_ kind: HTTPError.Kind) async throws {
        let fixture = ClientFixture(then: .refuse(kind))
        let failure = try await fixture.failure()
        guard case .transport(let error) = failure.cause else {
            Issue.record("\(failure)")
            return
        }
        #expect(error.kind == kind)
        #expect(fixture.transport.requestCount == 1)
    }

    @Test func anAnswerThatBreaksOffIsRetried() async throws {
        let fixture = ClientFixture([.brokenBody(200, [:], "par"), .answer(200, [:], "whole")])
        #expect(try await fixture.perform() == "whole")
    }

    @Test func whatTheBodyThrowsPassesUnchanged() async throws {
        let fixture = ClientFixture(then: .answer(200))
        let body = BlobBody(FailingChunks(), isReplayable: true)
        await #expect(throws: FailingChunks.SourceFailure.self) {
            try await fixture.perform(fixture.request(.put, body: body))
        }
    }

    @Test func whatTheBodyThrowsLaterDoesNotHideWhatMayHaveHappened() async throws {
        let fixture = ClientFixture([.earlyAnswer(500)], then: .answer(200))
        let body = BlobBody(FailingChunks(), isReplayable: true)
        let failure = try await fixture.failure(fixture.request(.put, body: body))
        #expect(failure.mayHaveHappened)
        #expect(failure.answer?.status == 500)
    }

    @Test func whatACallerThrowsOverAnAnswerPassesUnchanged() async throws {
        let fixture = ClientFixture([.answer(500), .answer(200)])
        await #expect(throws: FailingChunks.SourceFailure.self) {
            try await fixture.client.perform(fixture.request(.put)) { _ in
                throw FailingChunks.SourceFailure()
            }
        }
        #expect(fixture.transport.requestCount == 2)
    }

    @Test func namesWhereItComesFrom() async throws {
        let fixture = ClientFixture(then: .answer(200))
        try await fixture.perform()
        let agent = try #require(fixture.transport.sent.first?.http.headers["User-Agent"])
        #expect(agent.utf8.starts(with: "swift-blob-storage".utf8))
    }
}

/// Chunks of which the first is an error.
struct FailingChunks: AsyncSequence, Sendable {
    struct SourceFailure: Error {}

    typealias Element = [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator() }

    struct Iterator: AsyncIteratorProtocol {
        mutating func next() async throws -> [UInt8]? { throw SourceFailure() }
    }
}
