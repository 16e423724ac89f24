internal import BlobStorage
internal import BlobStorageHandler

extension GatewayError {
    /// What a store's error is to a client of S3.
    ///
    /// What a caller can't help is told without the store's words: they may name folders and hosts. The
    /// error itself is kept as the failure's cause.
    ///
    /// - Parameters:
    ///   - error: Whatever was thrown.
    ///   - isUpload: Whether a multipart upload was named, so that it is what is missing.
    /// - Returns: The failure as S3 tells it.
    static func of(_ error: any Error, isUpload: Bool = false) -> GatewayError {
        var failure: GatewayError
        switch error {
        case let error as GatewayError: return error
        case let error as BlobError: failure = told(error, isUpload: isUpload)
        default: failure = .internalError
        }
        failure.cause = error
        return failure
    }

    private static func told(_ error: BlobError, isUpload: Bool) -> GatewayError {
        switch error.kind {
        case .invalidArgument: .invalidArgument(error.message)
        case .notFound: isUpload ? .noSuchUpload : .noSuchKey
        case .storeNotFound: .noSuchBucket
        case .alreadyExists: .preconditionFailed("If-None-Match")
        case .preconditionFailed: .preconditionFailed("If-Match")
        case .notModified: .notModified
        case .rangeNotSatisfiable: invalidRange
        case .permissionDenied: .denied
        case .integrityFailure: badDigest
        case .tooLarge:
            GatewayError(
                400,
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size"
            )
        case .outOfSpace: GatewayError(403, "QuotaExceeded", "The store has no space left.")
        case .conflict:
            GatewayError(
                409,
                "OperationAborted",
                "A conflicting conditional operation is currently in progress against this "
                    + "resource. Please try again."
            )
        case .throttled: GatewayError(503, "SlowDown", "Please reduce your request rate.")
        case .unavailable, .timedOut, .closed:
            GatewayError(503, "ServiceUnavailable", "Service is unable to handle request.")
        case .unsupported: .notImplemented(error.operation + ": " + error.message)
        case .unauthenticated, .outcomeUnknown, .corrupted: .internalError
        @unknown default: .internalError
        }
    }

    static var invalidRange: GatewayError {
        GatewayError(416, "InvalidRange", "The requested range is not satisfiable")
    }

    static var badDigest: GatewayError {
        GatewayError(
            400,
            "BadDigest",
            "The checksum you specified did not match what we received."
        )
    }
}
