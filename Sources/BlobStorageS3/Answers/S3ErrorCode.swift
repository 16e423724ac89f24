import BlobStorage

/// What S3's error codes and statuses are to the store's caller.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
enum S3ErrorCode {
    struct Rule: Sendable {
        var kind: BlobError.Kind
        /// What was found and what to do; `nil` says what the kind says.
        var message: String?
        /// `nil` is as the kind.
        var isRetryable: Bool?

        init(_ kind: BlobError.Kind, _ message: String? = nil, isRetryable: Bool? = nil) {
            self.kind = kind
            self.message = message
            self.isRetryable = isRetryable
        }
    }

    /// The rule for an answer whose code is missing or unknown.
    static func rule(_ status: Int) -> Rule {
        switch status {
        case 301, 307, 308: Rule(.invalidArgument, wrongPlace)
        case 304: Rule(.notModified)
        case 400: Rule(.invalidArgument, "the store refuses the request")
        case 401: Rule(.unauthenticated)
        case 403: Rule(.permissionDenied)
        case 404: Rule(.notFound)
        case 405, 501: Rule(.unsupported)
        case 408: Rule(.timedOut, "the store waited too long for the request")
        case 409: Rule(.conflict)
        case 411: Rule(.unsupported, lengthRequired)
        case 412: Rule(.preconditionFailed)
        case 413: Rule(.tooLarge, tooLarge)
        case 416: Rule(.rangeNotSatisfiable, badRange)
        case 429: Rule(.throttled)
        case 507: Rule(.outOfSpace, "the store has no space left")
        case 500...: Rule(.unavailable, "the store can't answer now")
        case 200..<300: Rule(.unavailable, "the store reports an error it gives no known code for")
        default: Rule(.unavailable, "the store answered with a status that means nothing here")
        }
    }

    private static let wrongPlace =
        "the bucket is elsewhere; set the region, or the endpoint, that it is in"
    private static let lengthRequired = "the store wants to know the length of the body; give it"
    private static let tooLarge = "the blob, or the part, has more bytes than the store takes"
    private static let badRange = "the range begins at or after the blob's end"
    private static let badSignature =
        "the signature does not match; check the secret key, and that no proxy changes the request"
    private static let expired = "the credentials are expired; get new ones"
    private static let badToken = "the session token is not one of these credentials"
    private static let digest = "the bytes do not have the checksum that was sent with them"
    private static let skewed = "this machine's clock is too far from the store's; set it"
    private static let slow = "the store asks to slow down"
    private static let noSpace = "the quota, or the store, is full"
    private static let noBucket =
        "there is no such bucket; check its name and endpoint, or prepare() it"
    private static let noUpload =
        "there is no such multipart upload: it was completed or aborted, or never begun"
    private static let badParts = "a part is not there as named, or was replaced; upload it again"

    static let rules: [String: Rule] = [
        // What is not there.
        "NoSuchKey": Rule(.notFound),
        "NoSuchVersion": Rule(.notFound, "there is no such version"),
        "NoSuchUpload": Rule(.notFound, noUpload),
        "NoSuchBucket": Rule(.storeNotFound, noBucket),
        "NoSuchTagSet": Rule(.notFound, "there are no tags"),
        "NoSuchCORSConfiguration": Rule(.notFound, "the bucket has no rules for other origins"),
        // Conditions and races.
        "PreconditionFailed": Rule(.preconditionFailed),
        "NotModified": Rule(.notModified),
        "ConditionalRequestConflict": Rule(.conflict),
        "OperationAborted": Rule(.conflict),
        "ConcurrentModification": Rule(.conflict),
        "BucketAlreadyOwnedByYou": Rule(.alreadyExists, "the bucket is there, and yours"),
        "BucketAlreadyExists": Rule(
            .alreadyExists,
            "somebody has a bucket of that name; choose another name"
        ),
        "InvalidRange": Rule(.rangeNotSatisfiable, badRange),
        // Who asks.
        "AccessDenied": Rule(.permissionDenied),
        "AllAccessDisabled": Rule(.permissionDenied),
        "AccountProblem": Rule(.permissionDenied, "there is a problem with the account"),
        "InvalidObjectState": Rule(.permissionDenied, "the blob is archived; restore it first"),
        "RequestTimeTooSkewed": Rule(.unauthenticated, skewed),
        "RequestExpired": Rule(.unauthenticated, skewed),
        "SignatureDoesNotMatch": Rule(.unauthenticated, badSignature),
        "InvalidAccessKeyId": Rule(
            .unauthenticated,
            "the store does not know the access key; check it, and the endpoint"
        ),
        "InvalidSecurity": Rule(.unauthenticated),
        "NotSignedUp": Rule(.unauthenticated),
        "MissingSecurityHeader": Rule(.unauthenticated),
        "ExpiredToken": Rule(.unauthenticated, expired),
        "ExpiredTokenException": Rule(.unauthenticated, expired),
        "TokenRefreshRequired": Rule(.unauthenticated, expired),
        "InvalidToken": Rule(.unauthenticated, badToken),
        "AuthorizationHeaderMalformed": Rule(
            .invalidArgument,
            "the request is signed for another region than the bucket's; set the region"
        ),
        "AuthorizationQueryParametersError": Rule(.unauthenticated),
        // Where the bucket is.
        "PermanentRedirect": Rule(.invalidArgument, wrongPlace),
        "TemporaryRedirect": Rule(.unavailable, wrongPlace, isRetryable: true),
        "Redirect": Rule(.unavailable, wrongPlace, isRetryable: true),
        "IllegalLocationConstraintException": Rule(.invalidArgument, wrongPlace),
        "InvalidLocationConstraint": Rule(.invalidArgument, "the store has no such region"),
        "InvalidRegion": Rule(.invalidArgument, "the store has no such region"),
        "InvalidBucketName": Rule(.invalidArgument, "the store takes no such bucket name"),
        // What was sent.
        "BadDigest": Rule(.integrityFailure, digest),
        "XAmzContentSHA256Mismatch": Rule(.integrityFailure, digest),
        "XAmzContentChecksumMismatch": Rule(.integrityFailure, digest),
        "InvalidDigest": Rule(.invalidArgument, "a checksum is malformed"),
        "EntityTooLarge": Rule(.tooLarge, tooLarge),
        "EntityTooSmall": Rule(
            .invalidArgument,
            "a part that is not the last one has fewer bytes than the store wants"
        ),
        "IncompleteBody": Rule(.unavailable, "the store got fewer bytes than were promised"),
        "InvalidPart": Rule(.invalidArgument, badParts),
        "InvalidPartOrder": Rule(.invalidArgument, "the numbers of the parts don't rise"),
        "KeyTooLongError": Rule(.invalidArgument, "the key is longer than the store takes"),
        "MetadataTooLarge": Rule(.invalidArgument, "the metadata is larger than the store takes"),
        "InvalidTag": Rule(.invalidArgument, "the store takes no such tags"),
        "MalformedXML": Rule(.invalidArgument, "the store can't read the document that was sent"),
        "MissingContentLength": Rule(.unsupported, lengthRequired),
        "InvalidStorageClass": Rule(.invalidArgument, "the store has no such storage class"),
        "NotImplemented": Rule(.unsupported),
        "MethodNotAllowed": Rule(.unsupported),
        "UnsupportedOperation": Rule(.unsupported),
        "QuotaExceeded": Rule(.outOfSpace, noSpace),
        "XMinioStorageFull": Rule(.outOfSpace, noSpace),
        "TooManyBuckets": Rule(.outOfSpace, "the account has as many buckets as it may"),
        // What passes by itself.
        "SlowDown": Rule(.throttled, slow),
        "SlowDownRead": Rule(.throttled, slow),
        "SlowDownWrite": Rule(.throttled, slow),
        "RequestLimitExceeded": Rule(.throttled, slow),
        "BandwidthLimitExceeded": Rule(.throttled, slow),
        "Throttling": Rule(.throttled, slow),
        "ThrottlingException": Rule(.throttled, slow),
        "TooManyRequests": Rule(.throttled, slow),
        "RequestThrottled": Rule(.throttled, slow),
        "RequestTimeout": Rule(.timedOut, "the store waited too long for the request"),
        "InternalError": Rule(.unavailable, "the store failed inside"),
        "ServiceUnavailable": Rule(.unavailable, "the store can't answer now"),
    ]
}
