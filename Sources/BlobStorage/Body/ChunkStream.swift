/// A sequence of chunks that knows whether it was read before.
final class ChunkStream: Sendable {
    private let isReplayable: Bool
    private let make: @Sendable () -> ChunkIterator
    private let wasRead = Locked(false)

    init(isReplayable: Bool, _ make: @escaping @Sendable () -> ChunkIterator) {
        self.isReplayable = isReplayable
        self.make = make
    }

    func makeIterator() -> ChunkIterator {
        let isSecondReading = wasRead.withLock { wasRead in
            defer { wasRead = true }
            return wasRead
        }
        guard isReplayable || !isSecondReading else {
            return FailingChunkIterator(
                BlobError(
                    .closed,
                    operation: "body",
                    message: "the body was read before, and can be read only once"
                )
            )
        }
        return make()
    }
}
