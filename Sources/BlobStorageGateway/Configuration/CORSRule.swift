/// What pages of other origins may do with a bucket, as browsers ask for it.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
public struct CORSRule: Sendable, Hashable, Codable {
    /// The origins, such as `https://app.example`; each may have one `*`.
    public var origins: [String]
    /// The methods: `GET`, `HEAD`, `PUT`, `POST`, `DELETE`.
    public var methods: Set<String>
    /// The headers that a page may send, in lower case; each may have one `*`.
    public var allowedHeaders: [String]
    /// The headers of answers that a page may read.
    public var exposedHeaders: [String]
    /// How many seconds a browser may keep the answer; `nil` leaves it to the browser.
    public var maximumAgeSeconds: Int?

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - origins: The origins; each may have one `*`.
    ///   - methods: The methods.
    ///   - allowedHeaders: The headers that a page may send.
    ///   - exposedHeaders: The headers of answers that a page may read; `etag` and the checksums are
    ///     what uploads need.
    ///   - maximumAgeSeconds: How long a browser may keep the answer.
    public init(
        origins: [String],
        methods: Set<String>,
        allowedHeaders: [String] = ["*"],
        exposedHeaders: [String] = ["etag", "x-amz-*"],
        maximumAgeSeconds: Int? = 3_600
    ) {
        self.origins = origins
        self.methods = methods
        self.allowedHeaders = allowedHeaders
        self.exposedHeaders = exposedHeaders
        self.maximumAgeSeconds = maximumAgeSeconds
    }
}
