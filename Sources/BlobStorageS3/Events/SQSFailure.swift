import BlobStorage
import BlobStorageAWS

extension AWSFailureWords {
    /// What SQS's failures are.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    static let sqs = AWSFailureWords(
        service: "SQS",
        kinds: [
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
        ],
        messages: [.storeNotFound: "there is no such queue"]
    )
}
