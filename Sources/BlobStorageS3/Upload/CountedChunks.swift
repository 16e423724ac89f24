internal import BlobStorage

/// The chunks of a body, whose end is an error if they are more or fewer than it declared.
struct CountedChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let body: BlobBody
    let key: BlobKey

    func makeAsyncIterator() -> Iterator {
        let counter = BodyCounter(body, operation: "put", key: key, limit: nil)
        return Iterator(chunks: body.makeAsyncIterator(), counter: counter)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var chunks: BlobBody.AsyncIterator
        fileprivate var counter: BodyCounter

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            do {
                guard let chunk = try await chunks.next(isolation: actor) else {
                    try counter.finish()
                    return nil
                }
                try counter.add(chunk.count)
                return chunk
            } catch {
                throw counter.mapped(error)
            }
        }
    }
}
