package import BlobStorage
internal import BlobStorageHTTP

/// What one service's failures are to a caller: kinds for its codes, and words for the kinds.
package struct AWSFailureWords: Sendable {
    /// The service's name, such as `DynamoDB`.
    package var service: String
    /// The kinds of the service's codes; the status tells where there is none.
    package var kinds: [String: BlobError.Kind]
    /// What to say of a kind, where the service has words of its own.
    package var messages: [BlobError.Kind: String]

    package init(
        service: String,
        kinds: [String: BlobError.Kind],
        messages: [BlobError.Kind: String]
    ) {
        self.service = service
        self.kinds = kinds
        self.messages = messages
    }

    /// The error that a failure is to the caller.
    ///
    /// - Parameters:
    ///   - failure: What came of a request.
    ///   - operation: The caller's name for the operation.
    ///   - isChange: Whether the operation changes what the service keeps, so that the outcome of one
    ///     whose answer was lost matters.
    /// - Returns: An error of the right kind; `outcomeUnknown` for a change that may have happened.
    package func error(
        _ failure: AWSFailure,
        _ operation: String,
        isChange: Bool = false
    ) -> BlobError {
        var (kind, message) = told(failure)
        if isChange, failure.mayHaveHappened {
            kind = .outcomeUnknown
            message =
                "the change may or may not have happened: \(message); look at what is there "
                + "before trying again"
        }
        var underlying: (any Error)?
        if case .transport(let error) = failure.cause { underlying = error }
        return BlobError(
            kind,
            operation: operation,
            message: message,
            underlying: underlying,
            remote: failure.answer.map {
                BlobError.RemoteAnswer(status: $0.status, code: $0.code, requestID: $0.requestID)
            }
        )
    }

    private func told(_ failure: AWSFailure) -> (BlobError.Kind, String) {
        let times = failure.attemptCount > 1 ? " (sent \(failure.attemptCount) times)" : ""
        switch failure.cause {
        case .answer(let answer): return told(answer, times)
        case .badAnswer(let message): return (.unavailable, message + times)
        case .deadline: return (.timedOut, "the time for the operation was up\(times)")
        case .transport(let error):
            let kind: BlobError.Kind =
                switch error.kind {
                case .invalidRequest: .invalidArgument
                case .timedOut: .timedOut
                case .closed: .closed
                case .connectFailed, .tlsFailed, .connectionLost, .badAnswer: .unavailable
                }
            return (kind, error.message + times)
        }
    }

    private func told(_ answer: AWSFailure.Answer, _ times: String) -> (BlobError.Kind, String) {
        let kind = answer.code.flatMap { kinds[$0] } ?? Self.kind(answer.status)
        let said = answer.message.map { "; \(service) says: \(EscapedText($0))" } ?? ""
        let message =
            switch kind {
            case .throttled: "\(service) asks to slow down\(times)"
            case .permissionDenied: "the credentials do not allow it; check the user's policy"
            case .unauthenticated: "\(service) does not accept the credentials"
            default: messages[kind] ?? "\(service) answered with an error\(times)"
            }
        return (kind, message + said)
    }

    private static func kind(_ status: Int) -> BlobError.Kind {
        switch status {
        case 401: .unauthenticated
        case 403: .permissionDenied
        case 429: .throttled
        case 400..<500: .invalidArgument
        default: .unavailable
        }
    }
}
