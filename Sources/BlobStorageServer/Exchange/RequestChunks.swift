/// The body of a request, as its handler reads it.
struct RequestChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let slot: ExchangeSlot

    struct AsyncIterator: AsyncIteratorProtocol {
        let slot: ExchangeSlot

        mutating func next() async throws -> [UInt8]? {
            try await slot.nextChunk()
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await slot.nextChunk()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(slot: slot) }
}
