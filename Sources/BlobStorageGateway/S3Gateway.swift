internal import BlobStorage
package import BlobStorageAWS
public import BlobStorageHandler

/// Answers the S3 protocol on top of any `BlobStore`.
///
/// It has no server of its own: give it requests from whatever HTTP server the application runs.
public struct S3Gateway: HTTPHandler {
    private let configuration: S3GatewayConfiguration
    private let authenticate: @Sendable (GatewayRequest) async throws -> Caller
    private let time: TimeSource
    private let dateHeader = DateHeader()

    /// Creates a gateway.
    ///
    /// - Parameter configuration: What it serves, to whom, and how it is addressed.
    public init(_ configuration: S3GatewayConfiguration) {
        self.init(configuration, time: .system)
    }

    /// Creates a gateway with a clock of its own.
    package init(_ configuration: S3GatewayConfiguration, time: TimeSource) {
        self.init(configuration, time: time) { _ in throw GatewayError.denied }
    }

    init(
        _ configuration: S3GatewayConfiguration,
        time: TimeSource = .system,
        authenticate: @escaping @Sendable (GatewayRequest) async throws -> Caller
    ) {
        self.configuration = configuration
        self.time = time
        self.authenticate = authenticate
    }

    public func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        let id = RequestID()
        var response: HTTPServerResponse
        do {
            response = try await answer(request)
        } catch {
            response = .failure(
                GatewayError.of(error),
                method: request.method,
                resource: (try? RequestTarget(request.target).path) ?? "",
                id: id.text
            )
        }
        response.headers.append("x-amz-request-id", id.text)
        response.headers.append("x-amz-id-2", id.text)
        response.headers.append("Date", dateHeader.text(time.now()))
        return response
    }

    private func answer(_ request: HTTPServerRequest) async throws -> HTTPServerResponse {
        let asked = try GatewayRequest(request, configuration)
        // Who asks goes before what: a stranger learns nothing of what there is.
        let caller = try await authenticate(asked)
        let operation = try Operation(asked)
        let call = GatewayCall(request: asked, caller: caller, configuration: configuration)
        do {
            return try await call.answer(operation)
        } catch let error as BlobError {
            throw GatewayError.of(error, isUpload: operation.isAboutUpload)
        }
    }
}
