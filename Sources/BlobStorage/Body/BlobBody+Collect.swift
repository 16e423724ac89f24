extension BlobBody {
    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to take.
    /// - Returns: All bytes.
    /// - Throws: ``BlobError`` of kind `tooLarge` if there are more, `corrupted` if they are not as
    ///   many as the body declared; `CancellationError`; what the body throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let byteCount, byteCount > Int64(limit) { throw Self.tooLarge("\(byteCount)", limit) }
        if let bytes = bytesInMemory { return bytes }
        if let file = fileRange {
            return try await BlockingThreads.shared.run { try file.readAll() }
        }
        let all = try await chunksJoined(upTo: limit)
        // A sequence may end early, without an error, when its reader is cancelled.
        try Task.checkCancellation()
        if let byteCount, byteCount != Int64(all.count) {
            let message =
                "the body delivered \(all.count) bytes, not the \(byteCount) that it declared"
            throw BlobError(.corrupted, operation: "collect", message: message)
        }
        return all
    }

    /// The most bytes that are reserved because a body says that it has them; it may be wrong.
    static let reserveByteCount: Int64 = 1 << 30

    private func chunksJoined(upTo limit: Int) async throws -> [UInt8] {
        var all: [UInt8] = []
        var isFirst = true
        for try await chunk in self {
            guard all.count + chunk.count <= limit else {
                throw Self.tooLarge("more", limit)
            }
            if isFirst {
                all = chunk
                isFirst = false
                if let byteCount, chunk.count < byteCount {
                    all.reserveCapacity(Int(Swift.min(byteCount, Self.reserveByteCount)))
                }
            } else {
                all.append(contentsOf: chunk)
            }
        }
        return all
    }

    private static func tooLarge(_ found: String, _ limit: Int) -> BlobError {
        BlobError(
            .tooLarge,
            operation: "collect",
            message: "the body has \(found) bytes; the limit given is \(limit)"
        )
    }
}
