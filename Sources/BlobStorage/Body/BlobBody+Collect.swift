extension BlobBody {
    /// Reads the whole body into memory.
    ///
    /// - Parameter limit: The most bytes to take.
    /// - Returns: All bytes.
    /// - Throws: ``BlobError`` of kind `tooLarge` if there are more; what the body throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        if let byteCount, byteCount > Int64(limit) { throw Self.tooLarge("\(byteCount)", limit) }
        if let bytes = bytesInMemory { return bytes }
        if let file = fileRange {
            return try await BlockingThreads.shared.run { try file.readAll() }
        }
        var all: [UInt8] = []
        var isFirst = true
        for try await chunk in self {
            guard all.count + chunk.count <= limit else {
                throw Self.tooLarge("more", limit)
            }
            if isFirst {
                all = chunk
                isFirst = false
                if let byteCount, chunk.count < byteCount { all.reserveCapacity(Int(byteCount)) }
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
