/// What pages of other origins may do with a bucket, as browsers ask for it.
///
/// Without a rule, no page can upload to a bucket, or read from it, by a presigned URL: the browser
/// does not let it. A gateway serves by such rules, and `S3Store.setCORSRules(_:)` gives them to a
/// bucket.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
public struct CORSRule: Sendable, Hashable, Codable {
    /// The headers of answers that uploads and downloads need, by their names: no bucket takes a
    /// pattern here.
    public static let usualExposedHeaders = [
        "etag", "x-amz-request-id", "x-amz-version-id", "x-amz-checksum-crc32",
        "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1",
        "x-amz-checksum-sha256",
    ]

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
    ///   - exposedHeaders: The headers of answers that a page may read; a gateway takes patterns
    ///     such as `x-amz-*` too, a bucket does not.
    ///   - maximumAgeSeconds: How long a browser may keep the answer.
    public init(
        origins: [String],
        methods: Set<String>,
        allowedHeaders: [String] = ["*"],
        exposedHeaders: [String] = Self.usualExposedHeaders,
        maximumAgeSeconds: Int? = 3_600
    ) {
        self.origins = origins
        self.methods = methods
        self.allowedHeaders = allowedHeaders
        self.exposedHeaders = exposedHeaders
        self.maximumAgeSeconds = maximumAgeSeconds
    }
}
