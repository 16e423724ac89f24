/// A store that can be read and listed, and whose every change throws `permissionDenied`.
///
/// It is made by ``BlobStore/readOnly()``. It is no ``MultipartBlobStore``, whatever its base is: an
/// upload can't be begun, and the type says so. Being in the way of calls only, it is no
/// protection against code that holds the base.
public struct ReadOnlyStore<Base: BlobStore>: BlobStore {
    /// The store that holds the blobs.
    public let base: Base

    /// Creates a view of a store that can't change it.
    ///
    /// - Parameter base: The store that holds the blobs.
    public init(_ base: Base) {
        self.base = base
    }

    /// What the base store can do, without all that is about writing.
    public var capabilities: Capabilities {
        var capabilities = base.capabilities
        capabilities.features = capabilities.features.filter { !$0.isAboutWriting }
        return capabilities
    }

    /// Does nothing: to make a bucket would be a change, and a read tells whether there is one.
    public func prepare() async throws {}

    /// Throws, and does not touch the body.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, always.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        throw denied("put", key)
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    /// Throws.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, always.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        throw denied("delete", key)
    }

    /// Throws, even for no key at all.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, always.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        throw denied("delete", nil)
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    /// Throws.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, always.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        throw denied("copy", destination)
    }

    func denied(_ operation: String, _ key: BlobKey?) -> BlobError {
        let message = "this view of the store is read-only; write to the store it was made of"
        return BlobError(.permissionDenied, operation: operation, key: key, message: message)
    }
}

extension Capabilities.Feature {
    /// Whether only a store that can be written to has any use of this.
    ///
    /// A `switch` without a default, so that a new feature can't be forgotten.
    fileprivate var isAboutWriting: Bool {
        switch self {
        case .write, .putIfAbsent, .putIfMatches, .deleteIfMatches, .conditionalCopy,
            .unknownLength, .nulInKeys, .subsetOfParts, .checksumOfReplacingCopy:
            true
        // They can be read.
        case .tags: false
        }
    }
}
