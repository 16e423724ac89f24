/// What the address of a blob may vary.
public struct DeliveryOptions: Sendable, Hashable {
    /// How long the address is to be good, if it is one that expires.
    public var lifetime: Duration
    /// What the answer is to say of the content, in place of what the store keeps.
    public var responseHeaders: ResponseHeaders

    /// Creates options.
    ///
    /// - Parameters:
    ///   - lifetime: How long the address is to be good, if it is one that expires.
    ///   - responseHeaders: What the answer is to say of the content.
    public init(
        lifetime: Duration = .seconds(900),
        responseHeaders: ResponseHeaders = ResponseHeaders()
    ) {
        self.lifetime = lifetime
        self.responseHeaders = responseHeaders
    }

    /// The error of addresses that can't change what the answer says.
    package func refuseResponseHeaders(of key: BlobKey, because reason: String) throws {
        guard !responseHeaders.isEmpty else { return }
        throw BlobError(.unsupported, operation: "url", key: key, message: reason)
    }
}
