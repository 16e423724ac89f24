/// Whatever sends requests: libcurl, or a script in a test.
package protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the head of its answer.
    ///
    /// No redirect is followed. An early answer ends the sending of the body.
    ///
    /// - Returns: The answer, whatever its status is.
    /// - Throws: ``HTTPError``; `CancellationError`; what the request's body throws.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Ends the idle connections; transfers go on to their end, new ones fail.
    func close()
}
