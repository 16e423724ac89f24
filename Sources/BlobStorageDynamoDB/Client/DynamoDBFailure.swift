import BlobStorage
import BlobStorageAWS

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
        AWSFailureWords.dynamoDB.error(self, operation, isChange: isChange)
    }
}

extension AWSFailureWords {
    /// What DynamoDB's failures are.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    fileprivate static let dynamoDB = AWSFailureWords(
        service: "DynamoDB",
        kinds: [
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
        ],
        messages: [
            .storeNotFound: "there is no such table; prepare() makes it",
            .conflict: "another change got in the way",
            .tooLarge: "the record is too large",
        ]
    )
}
