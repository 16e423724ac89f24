/// Addresses that the store's own presigner signs: they expire, and the store itself answers.
///
///     let delivery = PresignedDelivery(store)
///     let answer = ResponseHeaders(disposition: .attachment("report.pdf"))
///     let address = try await delivery.url(
///         of: key,
///         options: DeliveryOptions(responseHeaders: answer)
///     )
public struct PresignedDelivery: BlobDelivery {
    /// What signs.
    public let presigner: any BlobPresigner

    /// Creates a delivery.
    ///
    /// - Parameter presigner: What signs, such as a store that is a presigner.
    public init(_ presigner: any BlobPresigner) {
        self.presigner = presigner
    }

    /// Signs a `GET` of a blob.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - options: How long the address is to be good, from one second to seven days; what the
    ///     answer is to say.
    /// - Returns: The address; it expires as asked for, or earlier if the credentials do.
    /// - Throws: ``BlobError`` as ``BlobPresigner/presign(_:_:expiresIn:options:)`` does;
    ///   `unsupported` if headers would have to be sent, which an address can't tell.
    public func url(of key: BlobKey, options: DeliveryOptions) async throws -> DeliveryURL {
        let request = try await presigner.presign(
            .get,
            key,
            expiresIn: options.lifetime,
            options: PresignOptions(responseHeaders: options.responseHeaders)
        )
        // As with a key of the customer's own: the request would be refused without them.
        guard request.headers.isEmpty else {
            throw BlobError(
                .unsupported,
                operation: "url",
                key: key,
                message: "the store wants headers with the request, "
                    + "and an address alone does not send any; presign a get"
            )
        }
        return DeliveryURL(url: request.url, expiresAt: request.expiresAt)
    }
}
