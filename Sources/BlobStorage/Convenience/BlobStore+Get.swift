extension BlobStore {
    /// Reads a whole blob.
    ///
    /// - Parameter key: The blob to read.
    public func get(_ key: BlobKey) async throws -> Blob {
        try await get(key, range: nil, options: GetOptions())
    }

    /// Reads a range of a blob.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - range: The bytes to read, cut at the blob's end.
    public func get(_ key: BlobKey, range: ByteRange) async throws -> Blob {
        try await get(key, range: range, options: GetOptions())
    }

    /// Reads a blob into memory.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - limit: The most bytes to take.
    ///   - range: The bytes to read; `nil` for all.
    /// - Returns: The bytes.
    /// - Throws: ``BlobError`` of kind `notFound`; `tooLarge` if there are more bytes than `limit`.
    public func bytes(
        _ key: BlobKey,
        upTo limit: Int,
        range: ByteRange? = nil
    ) async throws -> [UInt8] {
        try await get(key, range: range, options: GetOptions()).body.collect(upTo: limit)
    }

    /// Reads a blob's attributes.
    ///
    /// - Parameter key: The blob to look at.
    public func head(_ key: BlobKey) async throws -> BlobAttributes {
        try await head(key, options: HeadOptions())
    }

    /// Whether there is a blob.
    ///
    /// - Parameter key: The key to look under.
    public func exists(_ key: BlobKey) async throws -> Bool {
        do {
            _ = try await head(key)
            return true
        } catch let error as BlobError where error.kind == .notFound {
            return false
        }
    }
}
