internal import BlobStorage
internal import BlobStorageServer

/// A handler made of a function.
struct TestHandler: HTTPHandler {
    let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse

    init(_ answer: @escaping @Sendable (HTTPServerRequest) async -> HTTPServerResponse) {
        self.answer = answer
    }

    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        await answer(request)
    }

    /// Answers with the request's body, or tells in 500 why it can't.
    static let echo = TestHandler { request in
        do {
            return HTTPServerResponse(
                status: 200,
                body: BlobBody(try await request.body.collect(upTo: 64 << 20))
            )
        } catch {
            return .text(500, "\(error)")
        }
    }
}

extension HTTPServerResponse {
    static func text(_ status: Int, _ text: String) -> HTTPServerResponse {
        HTTPServerResponse(status: status, body: BlobBody(Array(text.utf8)))
    }
}

/// Serves while a test runs.
func serving(
    _ handler: some HTTPHandler,
    options: HTTPServerOptions = HTTPServerOptions(),
    _ body: (HTTPServerAddress) async throws -> Void
) async throws {
    let server = HTTPServer(handler: handler, options: options)
    let address = try await server.start()
    do {
        try await body(address)
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .seconds(1))
}

func serving(
    options: HTTPServerOptions = HTTPServerOptions(),
    _ answer: @escaping @Sendable (HTTPServerRequest) async -> HTTPServerResponse,
    _ body: (HTTPServerAddress) async throws -> Void
) async throws {
    try await serving(TestHandler(answer), options: options, body)
}
