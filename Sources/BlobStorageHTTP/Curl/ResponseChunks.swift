import BlobStorage

/// The body of an answer, for one reader.
///
/// The transfer ends when the reader leaves the loop, whoever still holds the body, or when nobody
/// holds the body and it was never read.
struct ResponseChunks: AsyncSequence, Sendable {
    private let owner: Owner

    init(_ exchange: Exchange) {
        owner = Owner(exchange)
    }

    private final class Owner: Sendable {
        let exchange: Exchange
        private let isRead = Locked(false)

        init(_ exchange: Exchange) {
            self.exchange = exchange
        }

        deinit {
            if !isRead.withLock({ $0 }) { exchange.stop(CancellationError()) }
        }

        func makeReader() -> Reader {
            isRead.withLock { $0 = true }
            return Reader(exchange)
        }
    }

    fileprivate final class Reader: Sendable {
        let exchange: Exchange

        init(_ exchange: Exchange) {
            self.exchange = exchange
        }

        deinit {
            exchange.stop(CancellationError())
        }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        private let reader: Reader

        fileprivate init(_ reader: Reader) {
            self.reader = reader
        }

        mutating func next() async throws -> [UInt8]? {
            try await reader.exchange.nextChunk(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await reader.exchange.nextChunk(isolation: actor)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(owner.makeReader())
    }
}
