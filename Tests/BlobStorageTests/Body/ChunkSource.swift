import BlobStorage

/// Chunks that are made as they are asked for, and count how often that was.
struct ChunkSource: AsyncSequence, Sendable {
    let chunks: [[UInt8]]
    var failure: (any Error)?
    let taken = Locked(0)
    let iterations = Locked(0)

    init(_ chunks: [[UInt8]], failure: (any Error)? = nil) {
        self.chunks = chunks
        self.failure = failure
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var source: ChunkSource
        var position = 0

        mutating func next() async throws -> [UInt8]? {
            guard position < source.chunks.count else {
                if let failure = source.failure { throw failure }
                return nil
            }
            source.taken.withLock { $0 += 1 }
            defer { position += 1 }
            return source.chunks[position]
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        iterations.withLock { $0 += 1 }
        return AsyncIterator(source: self)
    }
}

/// What a source fails with.
struct SourceFailure: Error, Equatable {}
