public import Foundation

extension BlobStore {
    /// Writes a body under a key, replacing the blob that is there.
    ///
    /// - SeeAlso: ``put(_:_:options:)-(BlobKey,BlobBody,PutOptions)``
    @discardableResult
    public func put(_ key: BlobKey, _ body: BlobBody) async throws -> BlobAttributes {
        try await put(key, body, options: PutOptions())
    }

    /// Writes bytes under a key, replacing the blob that is there.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - bytes: The bytes.
    ///   - options: Headers, metadata, condition, checksum.
    /// - Returns: The attributes of the version written.
    /// - Throws: ``BlobError``; nothing is kept then, and the blob that was there stays.
    @discardableResult
    public func put(
        _ key: BlobKey,
        _ bytes: [UInt8],
        options: PutOptions = PutOptions()
    ) async throws -> BlobAttributes {
        try await put(key, BlobBody(bytes), options: options)
    }

    /// Writes data under a key, replacing the blob that is there.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - data: The bytes.
    ///   - options: Headers, metadata, condition, checksum.
    /// - Returns: The attributes of the version written.
    /// - Throws: ``BlobError``; nothing is kept then, and the blob that was there stays.
    @discardableResult
    public func put(
        _ key: BlobKey,
        _ data: Data,
        options: PutOptions = PutOptions()
    ) async throws -> BlobAttributes {
        try await put(key, BlobBody([UInt8](data)), options: options)
    }

    /// Writes text as UTF-8 under a key, replacing the blob that is there.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - text: The text.
    ///   - options: Headers, metadata, condition, checksum.
    /// - Returns: The attributes of the version written.
    /// - Throws: ``BlobError``; nothing is kept then, and the blob that was there stays.
    @discardableResult
    public func put(
        _ key: BlobKey,
        _ text: String,
        options: PutOptions = PutOptions()
    ) async throws -> BlobAttributes {
        try await put(key, BlobBody([UInt8](text.utf8)), options: options)
    }

    /// Writes a file's bytes under a key, replacing the blob that is there.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - path: The path of a regular file.
    ///   - options: Headers, metadata, condition, checksum.
    /// - Returns: The attributes of the version written.
    /// - Throws: ``BlobError``; of kind `invalidArgument` if there is no such file.
    /// - Complexity: Memory for a few chunks, whatever the size.
    @discardableResult
    public func put(
        _ key: BlobKey,
        file path: String,
        options: PutOptions = PutOptions()
    ) async throws -> BlobAttributes {
        try await put(key, BlobBody.file(path), options: options)
    }
}
