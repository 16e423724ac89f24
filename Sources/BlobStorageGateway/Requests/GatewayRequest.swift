internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// A request, taken apart: where it goes and what it asks.
///
/// Nothing of it is trusted yet.
struct GatewayRequest: Sendable {
    /// The method, as it was sent.
    let method: String
    /// The path, as it was sent; signatures cover it.
    let path: String
    /// The query without its question mark, as it was sent; `nil` if there is none.
    let query: String?
    /// The query's pairs, decoded.
    let parameters: QueryParameters
    let headers: HTTPHeaders
    /// The bucket's name, from the path or the host; `nil` for the service itself.
    let bucket: String?
    /// The object's key; `nil` for the bucket itself.
    let key: BlobKey?
    /// The body, as it was sent.
    let body: BlobBody
}

extension GatewayRequest {
    /// Takes a request apart.
    ///
    /// - Throws: `GatewayError` if the target is none that a gateway can have.
    init(
        _ request: HTTPServerRequest,
        _ configuration: S3GatewayConfiguration
    ) throws(GatewayError) {
        let target = try RequestTarget(request.target)
        let place = try ObjectPlace(
            path: target.path,
            host: request.headers["host"],
            configuration
        )
        self.init(
            method: request.method,
            path: target.path,
            query: target.query,
            parameters: try QueryParameters(target.query),
            headers: request.headers,
            bucket: place.bucket,
            key: place.key,
            body: request.body
        )
    }
}
