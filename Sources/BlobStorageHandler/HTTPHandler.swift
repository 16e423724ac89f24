/// Answers HTTP requests: what a server mounts.
///
/// It knows nothing of the server that it runs in, so the same handler is mounted in Vapor,
/// Hummingbird, plain NIO, a test, or the package's own server.
public protocol HTTPHandler: Sendable {
    /// Answers a request.
    ///
    /// - Parameter request: The request; its body is read at most once, as far as the handler wants, and
    ///   before the handler returns.
    /// - Returns: The response, whose body the server reads once. Failures are responses too.
    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse
}
