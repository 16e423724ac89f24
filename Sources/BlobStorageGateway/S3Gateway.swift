public import BlobStorageHandler

/// Answers the S3 protocol on top of any `BlobStore`.
///
/// It has no server of its own: give it requests from whatever HTTP server the application runs.
public struct S3Gateway: HTTPHandler {
    private let configuration: S3GatewayConfiguration

    /// Creates a gateway.
    ///
    /// - Parameter configuration: What it serves, to whom, and how it is addressed.
    public init(_ configuration: S3GatewayConfiguration) {
        self.configuration = configuration
    }

    public func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        HTTPServerResponse(status: 501)
    }
}
