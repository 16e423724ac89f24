internal import BlobStorage
internal import BlobStorageHTTP
internal import Foundation

/// Whether there is another attempt, and when.
extension AWSClient {
    /// How long to wait for the next attempt; `nil` for not at all.
    ///
    /// - Throws: The failure, if there is to be no other attempt.
    func delay(afterFailureOf call: inout AWSCall) async throws -> Duration? {
        guard let verdict = await verdict(on: &call) else {
            if case .answer = call.lastCause { quota.giveBack(call.lastRetryCost) }
            throw isCutByDeadline(call) ? call.deadlineFailure : call.failure()
        }
        guard call.attemptCount < retry.maximumAttempts, call.canSendBodyAgain else {
            throw isCutByDeadline(call) ? call.deadlineFailure : call.failure()
        }
        guard case .later(let cost) = verdict else { return nil }
        let serverDelay = call.lastAnswer.flatMap {
            RetryAfter.delay(in: $0.headers, now: correctedNow)
        }
        let delay = retry.delay(
            beforeRetry: call.attemptCount,
            serverDelay: serverDelay,
            random: random()
        )
        if let deadline = call.request.deadline, time.uptime() + delay >= deadline {
            throw call.deadlineFailure
        }
        guard quota.take(cost) else { throw call.failure() }
        call.lastRetryCost = cost
        return delay
    }

    private enum Verdict {
        case atOnce
        case later(cost: Int)
    }

    /// Whether another attempt makes sense; learns from the last one.
    private func verdict(on call: inout AWSCall) async -> Verdict? {
        switch call.lastCause {
        case .answer(let answer):
            if learnTime(from: answer, of: call), !call.hasCorrectedClock {
                call.hasCorrectedClock = true
                return .atOnce
            }
            if await dropRefusedCredentials(answer, of: &call) { return .atOnce }
            let answerClass = AnswerClass(answer)
            guard answerClass.isWorthRetrying,
                call.request.isIdempotent || !answerClass.mayHaveHappened
            else { return nil }
            return .later(cost: answerClass.retryCost)
        case .transport(let error):
            switch error.kind {
            case .invalidRequest, .badAnswer, .closed: return nil
            case .connectFailed, .tlsFailed, .timedOut, .connectionLost:
                let isSafe = call.request.isIdempotent || !error.mayHaveArrived
                return isSafe ? .later(cost: RetryQuota.failureCost) : nil
            }
        case .badAnswer:
            return call.request.isIdempotent ? .later(cost: RetryQuota.failureCost) : nil
        case .deadline, nil:
            return nil
        }
    }

    private func learnTime(from answer: AWSFailure.Answer, of call: AWSCall) -> Bool {
        guard call.usedCredentials != nil, ClockCorrection.mayBeMeant(by: answer),
            let serverDate = answer.headers["Date"].flatMap({ HTTPDate.parse($0) })
        else { return false }
        return clock.learn(serverDate: serverDate, now: time.now(), used: call.usedCorrection)
    }

    /// Whether the credentials were refused for the first time in this call.
    private func dropRefusedCredentials(
        _ answer: AWSFailure.Answer,
        of call: inout AWSCall
    ) async -> Bool {
        guard let used = call.usedCredentials, let credentials,
            CredentialsRefusal.isMeant(by: answer, credentials: used)
        else { return false }
        await credentials.invalidate(used)
        defer { call.refusedCredentials = used }
        return call.refusedCredentials == nil
    }

    /// A transport's timer may be this much early.
    private static let timerTolerance = Duration.milliseconds(20)

    /// Whether the attempt timed out since the deadline had come.
    private func isCutByDeadline(_ call: AWSCall) -> Bool {
        guard let deadline = call.request.deadline, case .transport(let error) = call.lastCause,
            error.kind == .timedOut
        else { return false }
        return time.uptime() + Self.timerTolerance >= deadline
    }
}
