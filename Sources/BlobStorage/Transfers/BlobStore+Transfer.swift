extension BlobStore {
    /// Copies a blob into another store, with its headers and metadata, proved by its checksum.
    ///
    /// The bytes are hashed as they pass. They must have the checksum that this store keeps, before
    /// the other one commits; that one computes the same checksum, and its answer is compared.
    /// Where both are parts of the same store in memory or on disk, that store copies inside.
    ///
    /// - Parameters:
    ///   - key: The blob to copy.
    ///   - destination: The store to write to.
    ///   - destinationKey: The key to write there; `nil` for the same key.
    ///   - condition: What must be true of that key.
    ///   - checksum: The checksum that proves the copy if this store keeps none.
    /// - Returns: The attributes of the copy.
    /// - Throws: ``BlobError`` of kind `notFound`, `alreadyExists`, `preconditionFailed`;
    ///   `integrityFailure` if bytes were changed on their way, and then the copy is not kept.
    /// - Complexity: Memory for a few chunks, whatever the size.
    @discardableResult
    public func copy(
        _ key: BlobKey,
        into destination: any BlobStore,
        as destinationKey: BlobKey? = nil,
        condition: WriteCondition = .none,
        checksum: ChecksumAlgorithm = .crc64NVME
    ) async throws -> BlobAttributes {
        let transfer = BlobTransfer(from: self, into: destination, checksum: checksum)
        return try await transfer.copy(key, as: destinationKey ?? key, condition: condition)
    }

    /// Makes another store hold what this one holds.
    ///
    /// - Parameters:
    ///   - destination: The store to write to.
    ///   - options: What to skip, whether to delete, how much at a time.
    /// - Returns: What was done, and what failed.
    /// - Throws: What ``BlobSync/run()`` throws.
    /// - SeeAlso: ``BlobSync``, which tells how far it has come
    @discardableResult
    public func sync(
        into destination: any BlobStore,
        options: SyncOptions = SyncOptions()
    ) async throws -> SyncReport {
        try await BlobSync(from: self, into: destination, options: options).run()
    }
}
