/// One reading of a body, with the type of what is behind it erased.
class ChunkIterator {
    func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        nil
    }
}

/// Reads bytes that are in memory, as one chunk.
final class OneChunkIterator: ChunkIterator {
    private var bytes: [UInt8]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.isEmpty ? nil : bytes
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}

/// Reads any asynchronous sequence of chunks.
final class TypedChunkIterator<Base: AsyncIteratorProtocol>: ChunkIterator
where Base.Element == [UInt8] {
    private var base: Base

    init(_ base: Base) {
        self.base = base
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        try await base.next(isolation: actor)
    }
}

/// Fails at once.
final class FailingChunkIterator: ChunkIterator {
    private let error: BlobError

    init(_ error: BlobError) {
        self.error = error
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        throw error
    }
}
