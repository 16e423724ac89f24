internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

/// One request to S3, before it is known where it goes and how it is signed.
struct S3Call: Sendable {
    /// S3's name for the operation, such as `PutObject`.
    let operation: String
    let method: HTTPMethod
    /// `nil` for what is about the bucket.
    var key: BlobKey?
    /// Names and values, not encoded; a value that is `nil` stands without an equals sign.
    var query: [(name: String, value: String?)]
    var headers: HTTPHeaders
    var body: Body
    /// When the operation must be done that the call is a part of, in the clock's uptime; `nil` gives
    /// the call the time of an operation.
    var deadline: Duration?

    /// What a call sends.
    enum Body: Sendable {
        case none
        /// Bytes that can be hashed before they are sent.
        case bytes([UInt8])
        /// A body that is hashed while it is sent, with a checksum after its end.
        case streamed(BlobBody, trailer: ChecksumAlgorithm)
    }

    init(
        _ operation: String,
        _ method: HTTPMethod,
        _ key: BlobKey? = nil,
        query: [(name: String, value: String?)] = [],
        headers: HTTPHeaders = HTTPHeaders(),
        body: Body = .none
    ) {
        self.operation = operation
        self.method = method
        self.key = key
        self.query = query
        self.headers = headers
        self.body = body
    }
}
