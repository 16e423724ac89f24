import BlobStorageServer

/// What the service tells of itself.
struct ServiceRoutes: Sendable {
    let limits: Limits
    let health: HealthCheck

    var routes: [Route] {
        [
            Route("GET", "/health") { _ in
                try await health.check()
                return .json(["status": "ok"])
            },
            Route("GET", "/api/limits") { _ in .json(limits) },
            Route("GET", "/problems/:name", problem),
        ]
    }

    @Sendable private func problem(_ call: Call) async throws -> HTTPServerResponse {
        guard let kind = ProblemKind(rawValue: call.parameters["name"] ?? "") else {
            throw Problem(.notFound, "there is no problem of that name")
        }
        return .text("\(kind.title) (HTTP \(kind.status))\n\(kind.advice)\n")
    }
}

/// What uploads must keep to, so that a page can say so before it sends anything.
struct Limits: Encodable, Sendable {
    /// The media types that are taken; left out if any is.
    let types: [String]?
    /// The extensions of file names that are taken; left out if any is.
    let extensions: [String]?
    let maximumByteCount: Int64
    let maximumFileNameByteCount: Int
    let allowsEmpty: Bool
    /// From how many bytes on a file goes in parts, which can be paused and resumed.
    let multipartThreshold: Int64
    let requestSeconds: Int64
    let reservationSeconds: Int64
    let undoSeconds: Int64
}
