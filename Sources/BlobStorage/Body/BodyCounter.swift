/// Counts the bytes of a body that is written, and refuses those that are more or fewer than it
/// declared, so that no store keeps a cut body.
package struct BodyCounter: Sendable {
    /// The operation to name in an error.
    package let operation: String
    /// The key to name in an error.
    package let key: BlobKey
    private let declared: Int64?
    private let limit: Int64?
    private var count: Int64 = 0

    /// - Parameters:
    ///   - body: The body that is going to be read.
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    ///   - limit: The most bytes that the store takes; `nil` for no limit.
    package init(_ body: BlobBody, operation: String, key: BlobKey, limit: Int64?) {
        self.operation = operation
        self.key = key
        self.limit = limit
        declared = body.byteCount
    }

    /// Throws if the body declares more bytes than are taken.
    package func begin() throws {
        if let declared { try check(declared, isEnd: false) }
    }

    /// Counts a chunk.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` or `tooLarge`; `CancellationError`.
    package mutating func add(_ chunkByteCount: Int) throws {
        try Task.checkCancellation()
        count += Int64(chunkByteCount)
        try check(count, isEnd: false)
    }

    /// Says that there are no more chunks.
    ///
    /// - Returns: How many bytes there were.
    /// - Throws: ``BlobError`` of kind `invalidArgument`; `CancellationError`.
    @discardableResult
    package func finish() throws -> Int64 {
        // A sequence may end early, without an error, when its reader is cancelled.
        try Task.checkCancellation()
        try check(count, isEnd: true)
        return count
    }

    /// The error to throw for one that the body threw.
    package func mapped(_ error: any Error) -> any Error {
        guard let error = error as? SystemError else { return error }
        return BlobError(error, operation: operation, key: key, doing: "the body")
    }

    private func check(_ count: Int64, isEnd: Bool) throws {
        if let limit, count > limit {
            let message = "the body has more than \(limit) bytes, the most that are taken"
            throw BlobError(.tooLarge, operation: operation, key: key, message: message)
        }
        guard let declared, count > declared || (isEnd && count < declared) else { return }
        let found = isEnd ? "\(count) bytes" : "at least \(count) bytes"
        let message = "the body delivered \(found), not the \(declared) that it declared"
        throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
    }
}
