internal import BlobStorage
internal import BlobStorageHTTP
internal import Foundation

/// What is known in the middle of a call, between its attempts.
struct AWSCall {
    let request: AWSRequest
    private let onceOnly: OnceOnlyBody?
    /// How many times the request was sent.
    var attemptCount = 0
    /// Whether an attempt may have done what was asked.
    private(set) var mayHaveHappened = false
    /// Why the last attempt failed.
    private(set) var lastCause: AWSFailure.Cause?
    /// Who signed the last attempt.
    var usedCredentials: AWSCredentials?
    /// The correction of the clock that the last attempt was signed with.
    var usedCorrection: TimeInterval = 0
    /// The credentials that the server refused; there is one attempt with others.
    var refusedCredentials: AWSCredentials?
    /// Whether the clock was corrected; there is one attempt with the other time.
    var hasCorrectedClock = false
    /// What the last retry took from the quota.
    var lastRetryCost = 0

    init(_ request: AWSRequest) {
        self.request = request
        onceOnly = request.http.body.flatMap { $0.isReplayable ? nil : OnceOnlyBody($0) }
    }

    /// The body of the next attempt.
    var body: BlobBody? { onceOnly?.body ?? request.http.body }

    var canSendBodyAgain: Bool { onceOnly.map { !$0.isBegun } ?? true }

    var lastAnswer: AWSFailure.Answer? {
        guard case .answer(let answer) = lastCause else { return nil }
        return answer
    }

    /// Takes down how an attempt failed.
    mutating func note(_ failure: AWSFailure) {
        lastCause = failure.cause
        mayHaveHappened = mayHaveHappened || failure.mayHaveHappened
    }

    /// The failure to throw for the last attempt's.
    func failure() -> AWSFailure {
        AWSFailure(
            lastCause ?? .deadline,
            attemptCount: attemptCount,
            mayHaveHappened: mayHaveHappened
        )
    }

    /// The failure to throw when there is no time for another attempt.
    var deadlineFailure: AWSFailure {
        AWSFailure(
            .deadline,
            attemptCount: attemptCount,
            mayHaveHappened: mayHaveHappened,
            lastCause: lastCause
        )
    }

    /// The error to throw for one that isn't an attempt's: its own, unless it would hide that an
    /// earlier attempt may have taken effect.
    func replacing(_ error: any Error) -> any Error {
        if error is CancellationError || error is AWSFailure { return error }
        return mayHaveHappened ? failure() : error
    }
}
