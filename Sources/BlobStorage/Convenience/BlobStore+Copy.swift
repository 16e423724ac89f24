extension BlobStore {
    /// Copies a blob inside the store, with its attributes.
    ///
    /// - Parameters:
    ///   - source: The blob to copy.
    ///   - destination: The key to write, replaced if it is there.
    /// - Returns: The attributes of the copy.
    /// - Throws: ``BlobError``; of kind `notFound` if there is no source.
    @discardableResult
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey
    ) async throws -> BlobAttributes {
        try await copy(source, to: destination, options: CopyOptions())
    }

    /// Moves a blob inside the store: copies it, then deletes the source.
    ///
    /// The two steps are not one: a failure between them leaves both blobs. The source is deleted
    /// only if it is still the version that was copied. Moving a blob onto itself does nothing.
    ///
    /// - Parameters:
    ///   - source: The blob to move.
    ///   - destination: The key to write.
    ///   - condition: What must be true of the destination for the blob to be moved.
    /// - Returns: The attributes at the destination.
    /// - Throws: ``BlobError`` of kind `notFound`, `alreadyExists`; `preconditionFailed` if the
    ///   source was changed meanwhile.
    @discardableResult
    public func move(
        _ source: BlobKey,
        to destination: BlobKey,
        condition: WriteCondition = .none
    ) async throws -> BlobAttributes {
        let version = try await head(source)
        guard source != destination else { return version }
        let options = CopyOptions(
            condition: condition,
            sourceConditions: ReadConditions(ifMatches: version.etag)
        )
        let attributes = try await copy(source, to: destination, options: options)
        let guarded = capabilities.features.contains(.deleteIfMatches)
        try await delete(source, options: DeleteOptions(ifMatches: guarded ? version.etag : nil))
        return attributes
    }
}
