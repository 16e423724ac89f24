public import Foundation

extension BlobStore {
    /// Reads a whole blob.
    ///
    /// - Parameter key: The blob to read.
    /// - Returns: The body, fetched as it is read, and the blob's attributes.
    /// - Throws: ``BlobError`` of kind `notFound`.
    public func get(_ key: BlobKey) async throws -> Blob {
        try await get(key, range: nil, options: GetOptions())
    }

    /// Reads a range of a blob.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - range: The bytes to read, cut at the blob's end.
    /// - Returns: The body, fetched as it is read, and the attributes of the whole blob.
    /// - Throws: ``BlobError`` of kind `notFound`, `rangeNotSatisfiable`.
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
        let blob = try await get(key, range: range, options: GetOptions())
        do {
            return try await blob.body.collect(upTo: limit)
        } catch let error as BlobError where error.key == nil {
            throw error.renaming(key, operation: "get")
        }
    }

    /// Reads a blob into memory, as data.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - limit: The most bytes to take.
    ///   - range: The bytes to read; `nil` for all.
    /// - Returns: The bytes.
    /// - Throws: ``BlobError`` of kind `notFound`; `tooLarge` if there are more bytes than `limit`.
    public func data(
        _ key: BlobKey,
        upTo limit: Int,
        range: ByteRange? = nil
    ) async throws -> Data {
        try await Data(bytes(key, upTo: limit, range: range))
    }

    /// Reads a blob into memory, as text.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - limit: The most bytes to take.
    /// - Returns: The text, byte by byte as it is kept.
    /// - Throws: ``BlobError`` of kind `notFound`; `tooLarge` if there are more bytes than `limit`;
    ///   `corrupted` if they are not UTF-8.
    public func text(_ key: BlobKey, upTo limit: Int) async throws -> String {
        let bytes = try await bytes(key, upTo: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let message = "the blob's \(bytes.count) bytes are not UTF-8; read them as bytes"
            throw BlobError(.corrupted, operation: "get", key: key, message: message)
        }
        return text
    }

    /// Reads a blob's attributes.
    ///
    /// - Parameter key: The blob to look at.
    /// - Returns: The attributes, without a byte of the body being read.
    /// - Throws: ``BlobError`` of kind `notFound`.
    public func head(_ key: BlobKey) async throws -> BlobAttributes {
        try await head(key, options: HeadOptions())
    }

    /// Whether there is a blob.
    ///
    /// - Parameter key: The key to look under.
    /// - Returns: `false` only if the store says that there is none.
    /// - Throws: ``BlobError`` of any kind but `notFound`, if the store can't tell.
    public func exists(_ key: BlobKey) async throws -> Bool {
        do {
            _ = try await head(key)
            return true
        } catch let error as BlobError where error.kind == .notFound {
            return false
        }
    }
}
