import BlobStorage
import BlobStorageGateway
import BlobStorageHTTP
import BlobStorageHandler

/// Hands the requests of a client to a gateway, without sockets in between.
struct GatewayTransport: HTTPTransport {
    let handler: any HTTPHandler

    init(_ handler: any HTTPHandler) {
        self.handler = handler
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        try request.check()
        var headers = request.headers
        if headers["Host"] == nil { headers["Host"] = request.url.authority }
        let watched = WatchedBody(request.body ?? BlobBody([]))
        if let byteCount = watched.body.byteCount, byteCount > 0 || request.body != nil {
            headers["Content-Length"] = String(byteCount)
        }
        let answer = await handler.respond(
            to: HTTPServerRequest(
                method: request.method.rawValue,
                target: request.url.target,
                headers: headers,
                body: watched.body
            )
        )
        try Task.checkCancellation()
        // What goes wrong with the body of a request is its sender's to know.
        if let failure = watched.failure.withLock({ $0 }) { throw failure }
        return HTTPResponse(
            status: answer.status,
            headers: Self.headers(of: answer),
            body: request.method == .head ? BlobBody([]) : answer.body
        )
    }

    /// The head as a server sends it.
    private static func headers(of answer: HTTPServerResponse) -> HTTPHeaders {
        var headers = answer.headers
        let hasLength = answer.status != 204 && answer.status != 304
        if headers["Content-Length"] == nil, hasLength, let byteCount = answer.body.byteCount {
            headers["Content-Length"] = String(byteCount)
        }
        return headers
    }

    func close() {}
}

/// A body that remembers what was thrown while it was read.
private struct WatchedBody {
    let body: BlobBody
    let failure: Locked<(any Error)?>

    init(_ source: BlobBody) {
        let failure = Locked<(any Error)?>(nil)
        self.failure = failure
        body = BlobBody(
            Watched(source: source, failure: failure),
            byteCount: source.byteCount,
            isReplayable: source.isReplayable
        )
    }

    struct Watched: AsyncSequence, Sendable {
        typealias Element = [UInt8]
        let source: BlobBody
        let failure: Locked<(any Error)?>

        struct Iterator: AsyncIteratorProtocol {
            var base: BlobBody.AsyncIterator
            let failure: Locked<(any Error)?>

            mutating func next() async throws -> [UInt8]? { try await next(isolation: nil) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
                do {
                    return try await base.next(isolation: actor)
                } catch {
                    failure.withLock { $0 = error }
                    throw error
                }
            }
        }

        func makeAsyncIterator() -> Iterator {
            Iterator(base: source.makeAsyncIterator(), failure: failure)
        }
    }
}
