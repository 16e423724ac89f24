public import BlobStorage

/// What a server answers.
public struct HTTPServerResponse: Sendable {
    /// The status: `200`.
    public var status: Int
    /// The header fields, in order.
    public var headers: HTTPHeaders
    /// The body.
    ///
    /// A server sends its byte count as `Content-Length`, unless the headers have one (as the answer to
    /// `HEAD` does, whose body is empty), and in chunks if it isn't known. If reading it fails, the
    /// server breaks the connection off, so that nobody takes a part for the whole.
    public var body: BlobBody

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: The header fields.
    ///   - body: The body.
    public init(
        status: Int,
        headers: HTTPHeaders = HTTPHeaders(),
        body: BlobBody = BlobBody([])
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
