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
        func check(_ count: Int64, isEnd: Bool) throws {
            if let limit, count > limit {
                let message = "the body has more than \(limit) bytes, the most that are taken"
                throw BlobError(.tooLarge, operation: operation, key: key, message: message)
            }
            guard let byteCount, count > byteCount || (isEnd && count < byteCount) else { return }
            let found = isEnd ? "\(count) bytes" : "at least \(count) bytes"
            let message = "the body delivered \(found), not the \(byteCount) that it declared"
            throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
        }
        if let byteCount { try check(byteCount, isEnd: false) }
        var count: Int64 = 0
        do {
            for try await chunk in self where !chunk.isEmpty {
                try Task.checkCancellation()
                count += Int64(chunk.count)
                try check(count, isEnd: false)
                try await take(chunk)
            }
        } catch let error as SystemError {
            throw BlobError(error, operation: operation, key: key, doing: "the body")
        }
        try Task.checkCancellation()
        try check(count, isEnd: true)
        return count
    }
}
