import BlobStorage
import BlobStorageHTTP
import Testing

extension CurlTransport {
    /// Sends a request and reads the whole answer.
    func exchange(_ request: HTTPRequest) async throws -> (status: Int, body: [UInt8]) {
        let response = try await send(request)
        return (response.status, try await response.body.collect(upTo: 1 << 30))
    }
}

/// The error that a request ends with.
func failure(
    _ request: HTTPRequest,
    on transport: CurlTransport = CurlTransport()
) async throws -> HTTPError {
    try await #require(throws: HTTPError.self) { try await transport.exchange(request) }
}

/// Chunks made one by one.
struct Chunks: AsyncSequence, Sendable {
    let make: @Sendable (Int) async throws -> [UInt8]?

    struct AsyncIterator: AsyncIteratorProtocol {
        let make: @Sendable (Int) async throws -> [UInt8]?
        var index = 0

        mutating func next() async throws -> [UInt8]? {
            defer { index += 1 }
            return try await make(index)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(make: make)
    }

    /// The same chunk, again and again.
    static func repeating(_ chunk: [UInt8], count: Int) -> Chunks {
        Chunks { $0 < count ? chunk : nil }
    }
}

/// What a body fails with.
struct BodyFailure: Error, Equatable {}
