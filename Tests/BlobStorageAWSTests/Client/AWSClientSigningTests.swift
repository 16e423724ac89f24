import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageAWS

/// Clock skew and refused credentials: what is learnt, and how often it is tried.
@Suite(.timeLimit(.minutes(10))) struct AWSClientSigningTests {
    /// A server that refuses signatures more than 15 minutes off, as S3 does.
    private func strictServer(_ time: VirtualTime, code: String? = "RequestTimeTooSkewed")
        -> ScriptStep
    {
        .choose { sent in
            let headers: HTTPHeaders = ["Date": HTTPDate.text(time.trueNow)]
            guard let signed = signedDate(sent.http) else { return .answer(400) }
            if abs(signed.timeIntervalSince(time.trueNow)) <= 900 { return .answer(200, headers) }
            return .answer(403, headers, code.map { errorXML($0) } ?? "")
        }
    }

    @Test(
        "corrects a clock that is wrong, and remembers it",
        arguments: [-1_200.0, 1_200, -14 * 3_600, 14 * 3_600, 86_400] as [TimeInterval]
    )
    func skew(_ skew: TimeInterval) async throws {
        let time = VirtualTime(skew: skew)
        let fixture = ClientFixture(
            then: strictServer(time),
            credentials: RotatingCredentials(),
            time: time
        )
        try await fixture.perform()
        #expect(fixture.transport.requestCount == 2)
        #expect(time.uptime == .zero)
        try await fixture.perform(fixture.request(.put))
        #expect(fixture.transport.requestCount == 3)
        // The clock is set right: what was learnt is wrong now.
        time.setSkew(0)
        try await fixture.perform()
        #expect(fixture.transport.requestCount == 5)
    }

    @Test(
        "knows skew by other codes as well",
        arguments: ["AccessDenied", "RequestExpired", nil] as [String?]
    )
    func otherCodes(_ code: String?) async throws {
        let time = VirtualTime(skew: 3_600)
        let fixture = ClientFixture(
            then: strictServer(time, code: code),
            credentials: RotatingCredentials(),
            time: time
        )
        try await fixture.perform()
        #expect(fixture.transport.requestCount == 2)
    }

    @Test(
        "does not believe a wild date",
        arguments: [
            "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "",
            // The clock's own time, and four minutes later: no reason to refuse.
            "Sun, 15 Jun 2025 15:06:40 GMT", "Sun, 15 Jun 2025 15:10:40 GMT",
        ]
    )
    func wildDate(_ date: String) async throws {
        let answer = ScriptStep.answer(403, ["Date": date], errorXML("RequestTimeTooSkewed"))
        let fixture = ClientFixture(then: answer, credentials: RotatingCredentials())
        let failure = try await fixture.failure()
        #expect(failure.answer?.code == "RequestTimeTooSkewed")
        #expect(fixture.transport.requestCount == 1)
        #expect(fixture.client.correctedNow == fixture.time.trueNow)
    }

    @Test func correctsTheClockOnceACall() async throws {
        // A server whose date runs away.
        let time = VirtualTime()
        let fixture = ClientFixture(
            then: .choose { sent in
                let date = HTTPDate.text(
                    time.trueNow.addingTimeInterval(3_600 * Double(sent.number))
                )
                return .answer(403, ["Date": date], errorXML("RequestTimeTooSkewed"))
            },
            credentials: RotatingCredentials(),
            retry: RetryPolicy(maximumAttempts: 10),
            time: time
        )
        _ = try await fixture.failure()
        #expect(fixture.transport.requestCount == 2)
    }

    @Test func anHonestRefusalIsNotRetried() async throws {
        let time = VirtualTime()
        let answer = ScriptStep.answer(
            403,
            ["Date": HTTPDate.text(time.trueNow)],
            errorXML("AccessDenied")
        )
        let fixture = ClientFixture(then: answer, credentials: RotatingCredentials(), time: time)
        _ = try await fixture.failure()
        #expect(fixture.transport.requestCount == 1)
    }

    @Test("fetches other credentials once", arguments: ["ExpiredToken", "InvalidAccessKeyId"])
    func expired(_ code: String) async throws {
        let credentials = RotatingCredentials()
        let fixture = ClientFixture(
            [.answer(400, [:], errorXML(code)), .answer(200)],
            credentials: credentials
        )
        try await fixture.perform()
        let used = fixture.transport.sent.compactMap { $0.http.headers["Authorization"] }
        try #require(used.count == 2)
        #expect(used[0].contains("AKID1/") && used[1].contains("AKID2/"))

        let failing = ClientFixture(
            then: .answer(400, [:], errorXML(code)),
            credentials: RotatingCredentials(),
            retry: RetryPolicy(maximumAttempts: 10)
        )
        let failure = try await failing.failure()
        #expect(failure.answer?.code == code)
        #expect(failing.transport.requestCount == 2)
    }

    @Test func doesNotTryTheSameCredentialsTwice() async throws {
        let fixed = StaticCredentials(AWSCredentials(accessKeyID: "id", secretAccessKey: "5ec7e7"))
        let fixture = ClientFixture(
            then: .answer(400, [:], errorXML("ExpiredToken")),
            credentials: fixed
        )
        let failure = try await fixture.failure()
        #expect(failure.answer?.code == "ExpiredToken")
        #expect(fixture.transport.requestCount == 1)
    }

    @Test func anAnswerToHeadSaysByItsDateThatCredentialsExpired() async throws {
        let time = VirtualTime(skew: -200)
        let credentials = RotatingCredentials(expiration: time.trueNow.addingTimeInterval(-10))
        let fixture = ClientFixture(
            [.answer(400, ["Date": HTTPDate.text(time.trueNow)]), .answer(200)],
            credentials: credentials,
            time: time
        )
        try await fixture.perform(fixture.request(.head))
        #expect(fixture.transport.requestCount == 2)
    }

    @Test func signsEachAttemptAnew() async throws {
        let fixture = ClientFixture(
            [.answer(503, ["Retry-After": "20"]), .answer(200)],
            credentials: RotatingCredentials()
        )
        try await fixture.perform()
        let dates = fixture.transport.sent.compactMap { signedDate($0.http) }
        try #require(dates.count == 2)
        #expect(dates[1].timeIntervalSince(dates[0]) >= 20)
    }

    @Test func sendsNoSignatureWithoutCredentials() async throws {
        let fixture = ClientFixture(then: .answer(200))
        try await fixture.perform()
        let sent = try #require(fixture.transport.sent.first)
        #expect(sent.http.headers["Authorization"] == nil)
    }

    @Test func whatTheProviderThrowsPassesUnchanged() async throws {
        let fixture = ClientFixture(then: .answer(200), credentials: NoCredentials())
        let error = await #expect(throws: BlobError.self) { try await fixture.perform() }
        #expect(error?.kind == .unauthenticated)
        #expect(fixture.transport.requestCount == 0)
    }
}

/// When a request was signed.
private func signedDate(_ request: HTTPRequest) -> Date? {
    request.headers["x-amz-date"].flatMap { AWSDate.parse($0) }
}

/// Other credentials after each time that they were refused.
private final class RotatingCredentials: AWSCredentialsProvider {
    private let number = Locked(1)
    private let expiration: Date?

    init(expiration: Date? = nil) {
        self.expiration = expiration
    }

    func credentials() async throws -> AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKID\(number.withLock { $0 })",
            secretAccessKey: "secret",
            expiration: expiration
        )
    }

    func invalidate(_ credentials: AWSCredentials) async {
        number.withLock { $0 += 1 }
    }
}

private struct NoCredentials: AWSCredentialsProvider {
    func credentials() async throws -> AWSCredentials {
        throw BlobError(.unauthenticated, operation: "credentials", message: "there are none")
    }
}
