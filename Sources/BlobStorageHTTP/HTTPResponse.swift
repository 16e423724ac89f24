package import BlobStorage

/// The answer to a request: the head at once, the body as it is read.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// The body; its byte count is known if the head told it.
    ///
    /// The answer to HEAD has an empty one.
    /// A body that ends before its declared end throws ``HTTPError``; leaving its loop early, or
    /// dropping it unread, ends the transfer.
    package let body: BlobBody

    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: BlobBody = BlobBody([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
