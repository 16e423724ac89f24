public import BlobStorage

/// A request as a server received it.
public struct HTTPServerRequest: Sendable {
    /// The method, as it was sent: `GET`.
    public var method: String
    /// The target, as it stood in the request line: `/a%2Fb?x=1`.
    ///
    /// Signatures cover it, so a server must not decode or normalize it.
    public var target: String
    /// The header fields, in order; `Host` among them, also where HTTP/2 calls it `:authority`.
    public var headers: HTTPHeaders
    /// The body, without the framing of HTTP; its byte count is that of `Content-Length`.
    ///
    /// It is read when the handler asks for it. A client that waits for `100 Continue` is told so then,
    /// and a handler that refuses a request leaves it unread.
    public var body: BlobBody
    /// The address of the client, for logs; `nil` if it isn't known.
    public var remoteAddress: String?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - target: The target of the request line, as it was sent.
    ///   - headers: The header fields.
    ///   - body: The body.
    ///   - remoteAddress: The address of the client.
    public init(
        method: String,
        target: String,
        headers: HTTPHeaders = HTTPHeaders(),
        body: BlobBody = BlobBody([]),
        remoteAddress: String? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
    }
}
