extension BlobBody {
    /// Hands on the chunks of a body, and throws if they are more or fewer than it declared.
    ///
    /// A store reads a body that it writes through this, so that no store keeps a cut body.
    ///
    /// - Parameters:
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    ///   - limit: The most bytes that the store takes; `nil` for no limit.
    ///   - take: What to do with each chunk; never an empty one.
    /// - Returns: How many bytes there were.
    /// - Throws: ``BlobError`` of kind `invalidArgument` or `tooLarge`, or of the kind of the
    ///   ``SystemError`` that the body throws; `CancellationError`; what else the body throws.
    package func forEachChunk(
        operation: String,
        key: BlobKey,
        limit: Int64? = nil,
        _ take: ([UInt8]) async throws -> Void
    ) async throws -> Int64 {
        var counter = BodyCounter(self, operation: operation, key: key, limit: limit)
        try counter.begin()
        do {
            for try await chunk in self where !chunk.isEmpty {
                try counter.add(chunk.count)
                try await take(chunk)
            }
        } catch {
            throw counter.mapped(error)
        }
        return try counter.finish()
    }

    /// Reads the whole body that a store writes, and throws if it is not as long as it declared.
    ///
    /// - Parameters:
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    ///   - limit: The most bytes that the store takes; `nil` for no limit.
    /// - Returns: All bytes; those of a body in memory without a copy.
    /// - Throws: As ``forEachChunk(operation:key:limit:_:)``.
    package func whole(
        operation: String,
        key: BlobKey,
        limit: Int64? = nil
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try await forEachChunk(operation: operation, key: key, limit: limit) { chunk in
            guard bytes.isEmpty else {
                bytes.append(contentsOf: chunk)
                return
            }
            bytes = chunk
            if let byteCount, chunk.count < byteCount {
                bytes.reserveCapacity(Int(Swift.min(byteCount, Self.reserveByteCount)))
            }
        }
        return bytes
    }
}
