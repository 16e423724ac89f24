import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP

/// Makes a `BlobError` of what SQS answers, or does not.
enum SQSFailure {
    static func error(_ failure: AWSFailure, _ operation: String) -> BlobError {
        let (kind, message) = told(failure)
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

    private static func told(_ failure: AWSFailure) -> (BlobError.Kind, String) {
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

    private static func told(
        _ answer: AWSFailure.Answer,
        _ times: String
    ) -> (BlobError.Kind, String) {
        let kind = answer.code.flatMap { kinds[$0] } ?? kind(answer.status)
        let said = answer.message.map { "; SQS says: \(EscapedText($0))" } ?? ""
        let message =
            switch kind {
            case .storeNotFound: "there is no such queue"
            case .throttled: "SQS asks to slow down\(times)"
            case .permissionDenied: "the credentials do not allow it; check the user's policy"
            case .unauthenticated: "SQS does not accept the credentials"
            default: "SQS answered with an error\(times)"
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

    /// The kinds of SQS's codes.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    private static let kinds: [String: BlobError.Kind] = [
        "QueueDoesNotExist": .storeNotFound,
        "AWS.SimpleQueueService.NonExistentQueue": .storeNotFound,
        "QueueDeletedRecently": .storeNotFound,
        "OverLimit": .throttled,
        "RequestThrottled": .throttled,
        "ThrottlingException": .throttled,
        "AccessDenied": .permissionDenied,
        "AccessDeniedException": .permissionDenied,
        "ExpiredTokenException": .unauthenticated,
        "IncompleteSignature": .unauthenticated,
        "InvalidClientTokenId": .unauthenticated,
        "InvalidSignatureException": .unauthenticated,
        "MissingAuthenticationToken": .unauthenticated,
        "SignatureDoesNotMatch": .unauthenticated,
        "UnrecognizedClientException": .unauthenticated,
        "ReceiptHandleIsInvalid": .notFound,
        "MessageNotInflight": .notFound,
    ]
}
