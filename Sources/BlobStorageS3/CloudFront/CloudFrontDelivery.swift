public import BlobStorage
public import Foundation

/// Addresses of blobs in a CloudFront distribution, signed: they expire, and the nearest edge of the
/// network answers.
///
///     let delivery = try CloudFrontDelivery(baseURL: "https://cdn.example.com", signer: signer)
///     let address = try await delivery.url(of: key, options: DeliveryOptions())
public struct CloudFrontDelivery: BlobDelivery {
    /// What signs.
    public let signer: CloudFrontSigner
    /// Whether the distribution hands the parameters `response-…` on to S3.
    public let forwardsResponseHeaders: Bool
    private let base: DeliveryBase
    private let now: @Sendable () -> Date

    /// Creates a delivery.
    ///
    /// - Parameters:
    ///   - baseURL: What comes before each key: the distribution's address, and a path or none.
    ///   - signer: What signs.
    ///   - forwardsResponseHeaders: Whether the distribution's cache key and its requests to S3 have
    ///     the parameters `response-content-disposition` and the like. Without that CloudFront drops
    ///     them, so options that need them are refused.
    ///   - now: The time of day.
    /// - Throws: `BlobError` of kind `invalidArgument` if the address can't be.
    public init(
        baseURL: String,
        signer: CloudFrontSigner,
        forwardsResponseHeaders: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        base = try DeliveryBase(baseURL)
        self.signer = signer
        self.forwardsResponseHeaders = forwardsResponseHeaders
        self.now = now
    }

    /// What comes before each key, with a slash at the end.
    public var baseURL: String { base.text }

    /// Signs the address of a blob by a canned policy.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - options: How long the address is to be good, from one second; what the answer is to say.
    /// - Returns: The address.
    /// - Throws: `BlobError` of kind `invalidArgument` for a lifetime under a second; `unsupported`
    ///   for headers of the answer that the distribution does not forward, and for a key with a
    ///   segment `.` or `..`, which browsers resolve.
    public func url(of key: BlobKey, options: DeliveryOptions) async throws -> DeliveryURL {
        if !forwardsResponseHeaders {
            try options.refuseResponseHeaders(
                of: key,
                because: "the distribution is not said to forward what the answer is to say; "
                    + "let it, and set forwardsResponseHeaders"
            )
        }
        try options.responseHeaders.validate(key: key)
        var address = try base.address(of: key)
        let query = S3PathEncoding.query(options.responseHeaders.parameters)
        if !query.isEmpty { address += "?" + query }
        let end = try end(after: options.lifetime)
        return DeliveryURL(url: try signer.signedURL(address, expiresAt: end), expiresAt: end)
    }

    /// Signs cookies for all blobs whose keys begin with a prefix, with any query.
    ///
    /// - Parameters:
    ///   - prefix: The bytes that the keys begin with; end it with a slash to mean a folder.
    ///   - lifetime: How long the cookies are to be good, from one second.
    ///   - ipRange: The client's address or range; `nil` is everybody.
    /// - Returns: The cookies.
    /// - Throws: `BlobError` of kind `invalidArgument`.
    public func cookies(
        prefix: String,
        lifetime: Duration = .seconds(900),
        ipRange: String? = nil
    ) throws -> CloudFrontCookies {
        try signer.signedCookies(
            CloudFrontPolicy(
                resource: base.address(ofPrefix: prefix) + "*",
                expiresAt: try end(after: lifetime),
                ipRange: ipRange
            )
        )
    }

    private func end(after lifetime: Duration) throws -> Date {
        guard lifetime >= .seconds(1) else {
            throw CloudFrontPolicy.invalid("the lifetime is \(lifetime); it is a second or more")
        }
        let second = now().timeIntervalSince1970.rounded(.down)
        return Date(timeIntervalSince1970: second + Double(lifetime.components.seconds))
    }
}
