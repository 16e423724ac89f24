/// What an error answer means for another attempt, and for what the request asked for.
enum AnswerClass: Sendable, Hashable {
    /// Nothing was done, and the same request would be refused again.
    case refused
    /// Nothing was done; the server asks to slow down.
    case throttled
    /// Nothing was done, since another change was under way.
    case lostRace
    /// Nothing was done, since the request did not arrive whole.
    case notReceived
    /// The server, or one on the way, failed; nobody knows what was done.
    case broken

    init(_ answer: AWSFailure.Answer) {
        if let code = answer.code, let byCode = Self.byCode(code) {
            self = byCode
            return
        }
        switch answer.status {
        case 408: self = .notReceived
        case 429: self = .throttled
        // Cloudflare, in front of R2, has 520 to 524 for an origin that doesn't answer.
        case 500, 502, 503, 504, 520...524: self = .broken
        default: self = .refused
        }
    }

    /// Whether the same request may succeed later.
    var isWorthRetrying: Bool { self != .refused }

    /// Whether what was asked for may have been done.
    var mayHaveHappened: Bool { self == .broken }

    /// What a retry takes from the quota.
    var retryCost: Int {
        self == .broken ? RetryQuota.failureCost : RetryQuota.refusalCost
    }

    private static func byCode(_ code: String) -> AnswerClass? {
        if code.utf8.starts(with: "Throttl".utf8) { return .throttled }
        return codes[code]
    }

    /// The codes that S3, its look-alikes, STS and DynamoDB answer with.
    ///
    /// MinIO's `SlowDownWrite` says that too few disks took a write: some may have.
    private static let codes: [String: AnswerClass] = [
        "SlowDown": .throttled, "SlowDownRead": .throttled, "TooManyRequests": .throttled,
        "TooManyRequestsException": .throttled, "RequestLimitExceeded": .throttled,
        "RequestThrottled": .throttled, "RequestThrottledException": .throttled,
        "BandwidthLimitExceeded": .throttled, "PriorRequestNotComplete": .throttled,
        "ProvisionedThroughputExceededException": .throttled,
        "ConditionalRequestConflict": .lostRace, "OperationAborted": .lostRace,
        "TransactionInProgressException": .lostRace,
        "RequestTimeout": .notReceived, "RequestTimeoutException": .notReceived,
        "InternalError": .broken, "InternalFailure": .broken, "InternalServerError": .broken,
        "ServiceUnavailable": .broken, "ServiceUnavailableException": .broken,
        "SlowDownWrite": .broken, "IDPCommunicationError": .broken,
    ]
}
