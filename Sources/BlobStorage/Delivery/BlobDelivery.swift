/// Tells clients where to fetch a blob by themselves.
///
/// The program hands out an address and no byte. Which kind of address is decided where the program
/// starts: signed by the store (``PresignedDelivery``), open to all (``PublicDelivery``), or of a
/// content delivery network, such as `CloudFrontDelivery`.
public protocol BlobDelivery: Sendable {
    /// Makes the address of a blob; whether there is such a blob is not looked at.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - options: How long the address is to be good, and what the answer is to say.
    /// - Returns: The address, for a `GET` without further headers.
    /// - Throws: ``BlobError`` of kind `unsupported` for what such addresses can't do;
    ///   `invalidArgument` for a lifetime or a header out of bounds; `unauthenticated` if there is
    ///   nothing to sign with.
    /// - Complexity: No request, but what credentials need.
    func url(of key: BlobKey, options: DeliveryOptions) async throws -> DeliveryURL
}

extension BlobDelivery {
    /// Makes the address of a blob, with the options that there are by default.
    ///
    /// - Parameter key: The blob.
    /// - Returns: The address, for a `GET` without further headers.
    /// - Throws: ``BlobError`` as ``url(of:options:)`` does.
    public func url(of key: BlobKey) async throws -> DeliveryURL {
        try await url(of: key, options: DeliveryOptions())
    }
}
