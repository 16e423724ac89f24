import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// Bodies that can't be read twice, and what is known about changes that may have happened.
@Suite struct AWSClientBodyTests {
    @Test func aBodyIsSentWholeEachTime() async throws {
        let fixture = ClientFixture([.answer(500), .answer(500), .answer(200)])
        try await fixture.perform(fixture.request(.put, body: BlobBody(Array("body".utf8))))
        #expect(fixture.transport.sent.map(\.text) == ["body", "body", "body"])
    }

    @Test(
        "never sends again what can be read once",
        arguments: [
            ScriptStep.answer(500), .answer(503, ["Retry-After": "1"]), .breakUpload, .loseAnswer(),
            .answer(429),
        ]
    )
    func begunOnceOnly(_ step: ScriptStep) async throws {
        let fixture = ClientFixture([step], then: .answer(200))
        _ = try await fixture.failure(fixture.request(.put, body: onceOnlyBody("body")))
        #expect(fixture.transport.requestCount == 1)
    }

    @Test(
        "sends again what nobody has begun to read",
        arguments: [
            ScriptStep.refuse(), .earlyAnswer(503), .earlyAnswer(500), .refuse(.timedOut),
        ]
    )
    func unreadOnceOnly(_ step: ScriptStep) async throws {
        let fixture = ClientFixture([step, .answer(200)])
        try await fixture.perform(fixture.request(.put, body: onceOnlyBody("body")))
        #expect(fixture.transport.sent.last?.text == "body")
        #expect(fixture.transport.requestCount == 2)
    }

    @Test(
        "knows whether a change may have happened",
        arguments: [
            ([ScriptStep.refuse()], false),
            ([.loseAnswer()], true),
            ([.breakUpload], true),
            ([.answer(500)], true),
            ([.answer(502)], true),
            ([.answer(504)], true),
            ([.answer(503, [:], "<html>busy</html>")], true),
            ([.answer(429)], false),
            ([.answer(408)], false),
            ([.answer(501)], false),
            ([.answer(404)], false),
            ([.answer(412)], false),
            ([.loseAnswer(), .answer(412)], true),
            ([.answer(500), .answer(404)], true),
            ([.refuse(), .answer(412)], false),
            ([.answer(429), .answer(412)], false),
            ([.loseAnswer(), .refuse()], true),
        ]
    )
    func mayHaveHappened(_ steps: [ScriptStep], _ isUnknown: Bool) async throws {
        for method in [HTTPMethod.put, .post, .delete] {
            let retry = RetryPolicy(maximumAttempts: steps.count)
            let fixture = ClientFixture(steps, retry: retry)
            let body = method == .delete ? nil : BlobBody(Array("body".utf8))
            let failure = try await fixture.failure(fixture.request(method, body: body))
            #expect(failure.mayHaveHappened == isUnknown, "\(method)")
            #expect(failure.attemptCount == steps.count)
        }
        for method in [HTTPMethod.get, .head] {
            let retry = RetryPolicy(maximumAttempts: steps.count)
            let fixture = ClientFixture(steps, retry: retry)
            let failure = try await fixture.failure(fixture.request(method))
            #expect(!failure.mayHaveHappened, "\(method)")
        }
    }

    @Test(
        "believes a good status with an error in the body",
        arguments: [
            ("InternalError", true), ("SlowDown", false), ("InvalidPart", false),
        ]
    )
    func errorInGoodAnswer(_ code: String, _ isUnknown: Bool) async throws {
        let fixture = ClientFixture(then: .answer(200))
        let error = await #expect(throws: AWSFailure.self) {
            try await fixture.client.perform(fixture.request(.post)) { _ in
                throw AWSFailure(.answer(.init(status: 200, code: code)))
            }
        }
        #expect(error?.mayHaveHappened == isUnknown)
    }

    @Test func aMalformedAnswerToAChangeLeavesItsOutcomeOpen() async throws {
        let fixture = ClientFixture(then: .answer(200))
        let request = fixture.request(.post, isIdempotent: false)
        let error = await #expect(throws: AWSFailure.self) {
            try await fixture.client.perform(request) { _ in
                throw AWSFailure(.badAnswer("the answer is cut"))
            }
        }
        #expect(error?.mayHaveHappened == true)
        #expect(fixture.transport.requestCount == 1)
    }
}
