package import BlobStorage

/// How a request is made.
package enum HTTPMethod: String, Sendable, Hashable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
}

/// How long a request may take.
package struct HTTPTimeouts: Sendable, Hashable {
    /// Until a connection stands, with TLS.
    package var connect: Duration
    /// Without a byte in either direction, while the transfer is not paused by its own reader.
    package var idle: Duration
    /// From the beginning to the body's end; `nil` sets no limit.
    package var total: Duration?

    package init(
        connect: Duration = .seconds(10),
        idle: Duration = .seconds(30),
        total: Duration? = nil
    ) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }
}

/// One HTTP request.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var url: HTTPURL
    /// The fields to send; one with an empty value is sent empty.
    ///
    /// `Host`, `Content-Length`, `Transfer-Encoding` and `Expect` follow from the rest: the first two
    /// may stand here if they agree with it, as a signer leaves them.
    package var headers: HTTPHeaders
    /// What to send behind the head; `nil` sends nothing.
    ///
    /// A body of unknown length is sent in HTTP's own chunks.
    package var body: BlobBody?
    package var timeouts: HTTPTimeouts
    /// Whether to wait for `100 Continue` before the body is sent, for a second at most.
    package var expectsContinue: Bool
    /// About how many bytes the answer's body has, if the caller has an idea: a transport chooses its
    /// buffers by it.
    package var answerByteCount: Int64?

    package init(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        headers: HTTPHeaders = HTTPHeaders(),
        body: BlobBody? = nil,
        timeouts: HTTPTimeouts = HTTPTimeouts(),
        expectsContinue: Bool = false,
        answerByteCount: Int64? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.expectsContinue = expectsContinue
        self.answerByteCount = answerByteCount
    }
}
