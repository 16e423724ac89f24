import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTestKit
import BlobStorageTransportTestSupport
import Testing

/// Deadlines, cancellation and the retry quota.
@Suite(.timeLimit(.minutes(10))) struct AWSClientTimeTests {
    private func isDeadline(_ failure: AWSFailure) -> Bool {
        if case .deadline = failure.cause { true } else { false }
    }

    @Test func neverSleepsPastTheDeadline() async throws {
        let fixture = ClientFixture(then: .answer(503, ["Retry-After": "10"]))
        let failure = try await fixture.failure(fixture.request(timeLimit: .seconds(5)))
        #expect(isDeadline(failure))
        #expect(fixture.time.uptime == .zero)
        #expect(failure.attemptCount == 1)
        guard case .answer(let answer) = failure.lastCause else {
            Issue.record("\(failure)")
            return
        }
        #expect(answer.status == 503)
    }

    @Test func anAttemptGetsTheTimeThatIsLeft() async throws {
        let fixture = ClientFixture(then: .after(.seconds(4), .answer(500)), jitter: 0)
        let failure = try await fixture.failure(fixture.request(.put, timeLimit: .seconds(5)))
        #expect(isDeadline(failure))
        #expect(fixture.time.uptime == .seconds(5))
        #expect(fixture.transport.requestCount == 2)
        #expect(failure.mayHaveHappened)
    }

    @Test func aDeadlineThatIsOverSendsNothing() async throws {
        let fixture = ClientFixture(then: .answer(200))
        let failure = try await fixture.failure(fixture.request(timeLimit: .zero))
        #expect(isDeadline(failure))
        #expect(failure.attemptCount == 0)
        #expect(fixture.transport.requestCount == 0)
    }

    @Test("keeps the deadline whatever the server does", arguments: 0..<40)
    func deadlineHolds(_ seed: UInt64) async throws {
        let steps: [ScriptStep] = [
            .answer(500), .answer(503, ["Retry-After": "1"]), .loseAnswer(), .refuse(), .stall,
            .after(.milliseconds(700), .answer(502)), .brokenBody(200),
        ]
        var random = SplitMix64(seed)
        let script = (0..<20).map { _ in steps[Int(random.next() % UInt64(steps.count))] }
        let retry = RetryPolicy(maximumAttempts: 20, baseDelay: .milliseconds(300))
        let fixture = ClientFixture(script, retry: retry)
        let limit = Duration.milliseconds(Int64(random.next() % 8_000))
        _ = try? await fixture.perform(fixture.request(.put, timeLimit: limit))
        #expect(fixture.time.uptime <= limit, "seed \(seed)")
    }

    @Test func slowCredentialsCountAsWell() async throws {
        let time = VirtualTime()
        let fixture = ClientFixture(
            then: .answer(200),
            credentials: SlowCredentials(time: time),
            time: time
        )
        let failure = try await fixture.failure(fixture.request(timeLimit: .seconds(2)))
        #expect(isDeadline(failure))
        #expect(time.uptime == .seconds(2))
    }

    @Test(
        "a cancelled call ends at once",
        arguments: [
            ScriptStep.stall, .answer(503, ["Retry-After": "20"]),
        ]
    )
    func cancellation(_ step: ScriptStep) async throws {
        let time = VirtualTime(isAutomatic: false)
        let fixture = ClientFixture(then: step, time: time)
        let task = Task { try await fixture.perform() }
        await time.waitForSleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Not even a moment passed.
        #expect(time.uptime == .zero)
        #expect(time.sleeperCount == 0)
    }

    @Test(
        "a dead server gets at most 1.5 requests a call",
        arguments: [
            ScriptStep.refuse(), .answer(500), .answer(503), .loseAnswer(), .stall,
            .after(.seconds(3), .refuse(.timedOut)),
        ]
    )
    func budget(_ step: ScriptStep) async throws {
        let fixture = ClientFixture(then: step)
        let callCount = 100
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<callCount {
                group.addTask { _ = try? await fixture.perform() }
            }
        }
        #expect(fixture.transport.requestCount <= callCount * 3 / 2)
        // Retries are made as long as the quota lasts.
        #expect(fixture.transport.requestCount == callCount * 3 / 2)
    }

    @Test func successesGiveTheQuotaBack() async throws {
        let retry = RetryPolicy(maximumAttempts: 2)
        let fixture = ClientFixture(
            then: .choose { $0.number.isMultiple(of: 2) ? .answer(200) : .answer(500) },
            retry: retry
        )
        // Each call needs a retry: without refunds the quota is empty after 50.
        for _ in 0..<200 { try await fixture.perform() }
        #expect(fixture.transport.requestCount == 400)
    }

    @Test func anEmptyQuotaFillsWithCallsThatNeedNoRetry() async throws {
        let isDown = Locked(true)
        let fixture = ClientFixture(
            then: .choose { _ in isDown.withLock { $0 } ? .answer(500) : .answer(200) }
        )
        for _ in 0..<100 { _ = try? await fixture.perform() }
        let before = fixture.transport.requestCount
        _ = try await fixture.failure()
        #expect(fixture.transport.requestCount == before + 1)

        isDown.withLock { $0 = false }
        for _ in 0..<10 { try await fixture.perform() }
        isDown.withLock { $0 = true }
        let failure = try await fixture.failure()
        #expect(failure.attemptCount == 2)
    }
}

/// Credentials that take an hour.
struct SlowCredentials: AWSCredentialsProvider {
    let time: VirtualTime

    func credentials() async throws -> AWSCredentials {
        try await time.sleep(.seconds(3_600))
        return AWSCredentials(accessKeyID: "id", secretAccessKey: "secret")
    }
}
