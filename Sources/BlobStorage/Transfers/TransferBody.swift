/// The bytes of a transfer between two stores, as they are read.
///
/// Each reading hashes anew, since a store may have to send a body twice; what the last complete
/// reading found is kept.
final class TransferReading: Sendable {
    private struct State {
        var reported: Int64 = 0
        var checksums: [Checksum]?
    }

    private let attributes: BlobAttributes
    private let algorithms: Set<ChecksumAlgorithm>
    private let didRead: @Sendable (Int64) throws -> Void
    private let state = Locked(State())

    /// - Parameters:
    ///   - attributes: What the source says of the blob.
    ///   - algorithms: The checksums to compute.
    ///   - didRead: Told of bytes that pass for the first time, before they do; what it throws ends
    ///     the body short of them.
    init(
        of attributes: BlobAttributes,
        computing algorithms: Set<ChecksumAlgorithm>,
        didRead: @escaping @Sendable (Int64) throws -> Void
    ) {
        self.attributes = attributes
        self.algorithms = algorithms
        self.didRead = didRead
    }

    /// The same body, read through here; its end is an error if the bytes are not the source's.
    func body(of body: BlobBody) -> BlobBody {
        let stream = ChunkStream(isReplayable: body.isReplayable) {
            TransferChunkIterator(body.makeAsyncIterator(), self, self.algorithms)
        }
        return BlobBody(
            stream,
            byteCount: attributes.byteCount,
            isReplayable: body.isReplayable
        )
    }

    /// What the last complete reading computed; a store may leave an empty body unread.
    var checksums: [Checksum] {
        let found = state.withLock { $0.checksums }
        if let found { return found }
        return attributes.byteCount == 0 ? algorithms.map { Checksum.of([], $0) } : []
    }

    fileprivate func reached(_ byteCount: Int64) throws {
        let news = state.withLock { state in
            defer { state.reported = max(state.reported, byteCount) }
            return byteCount - state.reported
        }
        if news > 0 { try didRead(news) }
    }

    fileprivate func ended(_ byteCount: Int64, _ checksums: [Checksum]) throws {
        func fail(_ message: String) -> BlobError {
            BlobError(.integrityFailure, operation: "get", key: attributes.key, message: message)
        }
        guard byteCount == attributes.byteCount else {
            throw fail("the source delivered \(byteCount) bytes, not \(attributes.byteCount)")
        }
        if let kept = attributes.checksum,
            let found = checksums.first(where: { $0.algorithm == kept.algorithm }), found != kept
        {
            throw fail("the source's bytes have checksum \(found), not \(kept), which it keeps")
        }
        state.withLock { $0.checksums = checksums }
    }
}

/// Hands on chunks, counts and hashes them.
private final class TransferChunkIterator: ChunkIterator {
    private var base: BlobBody.AsyncIterator
    private let reading: TransferReading
    private var hashers: [ChecksumHasher]
    private var byteCount: Int64 = 0

    init(
        _ base: BlobBody.AsyncIterator,
        _ reading: TransferReading,
        _ algorithms: Set<ChecksumAlgorithm>
    ) {
        self.base = base
        self.reading = reading
        hashers = algorithms.map { ChecksumHasher($0) }
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        guard let chunk = try await base.next(isolation: actor) else {
            // A sequence may end early, without an error, when its reader is cancelled.
            try Task.checkCancellation()
            try reading.ended(byteCount, hashers.map { $0.checksum() })
            return nil
        }
        for index in hashers.indices { hashers[index].update(chunk) }
        byteCount += Int64(chunk.count)
        try reading.reached(byteCount)
        return chunk
    }
}
