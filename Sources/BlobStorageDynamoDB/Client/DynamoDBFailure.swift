import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP

extension AWSFailure {
    /// Whether the condition of a change did not hold.
    var isConditionFailure: Bool { answer?.code == "ConditionalCheckFailedException" }

    /// The error that the failure is to the store's caller.
    ///
    /// - Parameters:
    ///   - operation: The store's name for the operation.
    ///   - isChange: Whether the operation changes what the store keeps.
    /// - Returns: An error of the right kind; `outcomeUnknown` for a change that may have happened.
    func error(_ operation: String, isChange: Bool) -> BlobError {
        let (kind, message) = told
        let remote = answer.map {
            BlobError.RemoteAnswer(status: $0.status, code: $0.code, requestID: $0.requestID)
        }
        var underlying: (any Error)?
        if case .transport(let error) = cause { underlying = error }
        guard isChange, mayHaveHappened else {
            return BlobError(
                kind,
                operation: operation,
                message: message,
                underlying: underlying,
                remote: remote
            )
        }
        return BlobError(
            .outcomeUnknown,
            operation: operation,
            message: "the change may or may not have happened: \(message); look at what is there "
                + "before trying again",
            underlying: underlying,
            remote: remote
        )
    }

    private var told: (BlobError.Kind, String) {
        let times = attemptCount > 1 ? " (sent \(attemptCount) times)" : ""
        switch cause {
        case .answer(let answer): return Self.told(answer, times)
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

    private static func told(_ answer: Answer, _ times: String) -> (BlobError.Kind, String) {
        let said = answer.message.map { "; DynamoDB says: \(EscapedText($0))" } ?? ""
        let kind = answer.code.flatMap { kinds[$0] } ?? Self.kind(answer.status)
        let message =
            switch kind {
            case .storeNotFound: "there is no such table; prepare() makes it"
            case .throttled: "DynamoDB asks to slow down\(times)"
            case .permissionDenied: "the credentials do not allow it; check the user's policy"
            case .unauthenticated: "DynamoDB does not accept the credentials"
            case .conflict: "another change got in the way"
            case .tooLarge: "the record is too large"
            default: "DynamoDB answered with an error\(times)"
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

    /// The kinds of DynamoDB's codes.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    private static let kinds: [String: BlobError.Kind] = [
        "ResourceNotFoundException": .storeNotFound,
        "ConditionalCheckFailedException": .preconditionFailed,
        "ProvisionedThroughputExceededException": .throttled,
        "RequestLimitExceeded": .throttled,
        "ThrottlingException": .throttled,
        "LimitExceededException": .conflict,
        "ResourceInUseException": .conflict,
        "TransactionConflictException": .conflict,
        "ItemCollectionSizeLimitExceededException": .tooLarge,
        "AccessDeniedException": .permissionDenied,
        "ExpiredTokenException": .unauthenticated,
        "IncompleteSignatureException": .unauthenticated,
        "InvalidSignatureException": .unauthenticated,
        "MissingAuthenticationTokenException": .unauthenticated,
        "UnrecognizedClientException": .unauthenticated,
        "ValidationException": .invalidArgument,
        "InternalServerError": .unavailable,
    ]
}
