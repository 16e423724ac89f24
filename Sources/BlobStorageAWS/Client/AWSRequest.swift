package import BlobStorageHTTP

/// A request to an AWS service, not signed yet.
package struct AWSRequest: Sendable {
    /// The service's name for the operation, such as `GetObject`.
    package var operation: String
    /// The request without what signing adds.
    package var http: HTTPRequest
    /// How the signature covers the body.
    package var payload: PayloadSigning
    /// The region to sign for.
    package var region: String
    /// Whether the request may be sent again when nobody knows what became of an earlier attempt.
    package var isIdempotent: Bool
    /// When all attempts must be over, in the time source's uptime; `nil` sets no limit.
    package var deadline: Duration?

    package init(
        _ operation: String,
        _ http: HTTPRequest,
        payload: PayloadSigning,
        region: String,
        isIdempotent: Bool = true,
        deadline: Duration? = nil
    ) {
        self.operation = operation
        self.http = http
        self.payload = payload
        self.region = region
        self.isIdempotent = isIdempotent
        self.deadline = deadline
    }
}
