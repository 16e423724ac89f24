/// Addresses that are open to all and never expire: of a public bucket, of a web server in front of
/// a folder, of a content delivery network.
///
///     let delivery = try PublicDelivery(baseURL: "https://cdn.example.com/files")
///     print(try await delivery.url(of: "cats/tom.jpg").url)
///     // https://cdn.example.com/files/cats/tom.jpg
public struct PublicDelivery: BlobDelivery {
    private let base: DeliveryBase

    /// Creates a delivery.
    ///
    /// - Parameter baseURL: What comes before each key: `http` or `https`, a host, and a path or
    ///   none; a slash at its end makes no difference.
    /// - Throws: ``BlobError`` of kind `invalidArgument` for anything else, such as a query.
    public init(baseURL: String) throws {
        base = try DeliveryBase(baseURL)
    }

    /// What comes before each key, with a slash at the end.
    public var baseURL: String { base.text }

    /// Puts the key, percent-encoded, behind the base address.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - options: The lifetime has no say, since the address does not expire.
    /// - Returns: The address.
    /// - Throws: ``BlobError`` of kind `unsupported` for headers of the answer, which only a
    ///   signature could ask for, and for a key with a segment `.` or `..`, which browsers resolve.
    public func url(of key: BlobKey, options: DeliveryOptions) async throws -> DeliveryURL {
        try options.refuseResponseHeaders(
            of: key,
            because: "a public address can't change what the answer says; set the headers when "
                + "the blob is put, or deliver by presigned URLs"
        )
        return DeliveryURL(url: try base.address(of: key))
    }
}
