extension BlobBody {
    /// A body with the same bytes, whose end is an error if they don't have the checksum.
    ///
    /// - Parameters:
    ///   - expected: The checksum that the whole body must have.
    ///   - operation: The operation to name in the error.
    ///   - key: The key to name in the error.
    /// - Returns: A body that can be read as often as this one.
    package func verified(by expected: Checksum, operation: String, key: BlobKey) -> BlobBody {
        let source = self
        let stream = ChunkStream(isReplayable: isReplayable) {
            VerifyingChunkIterator(source.makeAsyncIterator(), expected: expected) { found in
                try PutChecksum.expect(expected).check(found, operation: operation, key: key)
            }
        }
        return BlobBody(stream, byteCount: byteCount, isReplayable: isReplayable)
    }

    init(_ stream: ChunkStream, byteCount: Int64?, isReplayable: Bool) {
        source = .stream(stream)
        self.byteCount = byteCount
        self.isReplayable = isReplayable
    }
}

/// Hands on chunks and checks them at the end.
final class VerifyingChunkIterator: ChunkIterator {
    private var base: BlobBody.AsyncIterator
    private var hasher: ChecksumHasher
    private let check: (Checksum) throws -> Void

    init(
        _ base: BlobBody.AsyncIterator,
        expected: Checksum,
        check: @escaping (Checksum) throws -> Void
    ) {
        self.base = base
        hasher = ChecksumHasher(expected.algorithm)
        self.check = check
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        guard let chunk = try await base.next(isolation: actor) else {
            // A sequence may end early, without an error, when its reader is cancelled.
            try Task.checkCancellation()
            try check(hasher.checksum())
            return nil
        }
        hasher.update(chunk)
        return chunk
    }
}
