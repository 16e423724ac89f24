/// A part of another store: the blobs whose keys begin with a prefix, under keys without it.
///
/// It is made by ``BlobStore/prefixed(_:)->BlobStore``. Nothing outside the prefix can be read, written,
/// deleted or listed through it; keys in attributes, listings and errors are the caller's. A blob
/// whose whole key is the prefix has no name here, and is not listed. It can do what its base can.
public struct PrefixedStore<Base: BlobStore>: BlobStore {
    /// The store that holds the blobs.
    public let base: Base
    let keyPrefix: KeyPrefix

    /// Creates a view of a part of a store.
    ///
    /// - Parameters:
    ///   - base: The store that holds the blobs.
    ///   - prefix: What every key begins with in that store, such as `tenants/42/`; no delimiter is
    ///     added. It takes its bytes from the 1,024 that a key may have.
    public init(_ base: Base, prefix: String) {
        self.base = base
        keyPrefix = KeyPrefix(prefix)
    }

    /// What every key begins with in the base store.
    public var prefix: String { keyPrefix.text }

    /// What the base store can do, with keys that leave room for the prefix.
    public var capabilities: Capabilities {
        var capabilities = base.capabilities
        capabilities.maximumKeyByteCount -= prefix.utf8.count
        return capabilities
    }

    /// Makes the base store's bucket or folder if there is none.
    public func prepare() async throws {
        try await base.prepare()
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        // The base would guess the media type from a longer name than the caller's.
        options.headers = options.headers.resolved(for: key)
        return try await translating("put", key) { name in
            try await base.put(name, body, options: options)
        }
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        let name = try keyPrefix.adding(to: key, operation: "get")
        do {
            let blob = try await base.get(name, range: range, options: options)
            let keyPrefix = keyPrefix
            return Blob(
                attributes: blob.attributes.renaming(key),
                range: blob.range,
                body: blob.body.mappingErrors { keyPrefix.translating($0, name) }
            )
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await translating("head", key) { try await base.head($0, options: options) }
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        let name = try keyPrefix.adding(to: key, operation: "delete")
        do {
            try await base.delete(name, options: options)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }

    /// Deletes many blobs; a key that is too long behind the prefix is a failure of its own.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        var names: [BlobKey] = []
        names.reserveCapacity(keys.count)
        var failures: [DeleteFailure] = []
        for key in keys {
            do {
                names.append(try keyPrefix.adding(to: key, operation: "delete"))
            } catch {
                failures.append(DeleteFailure(key: key, error: error))
            }
        }
        do {
            failures += try await base.delete(names).map { failure in
                let key = keyPrefix.removing(from: failure.key) ?? failure.key
                let error = failure.error
                return DeleteFailure(
                    key: key,
                    error: error.key == failure.key ? error.renaming(key) : error
                )
            }
            return failures
        } catch let error as BlobError {
            throw error.key.map { keyPrefix.translating(error, $0) } ?? error
        }
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        var baseOptions = options
        baseOptions.prefix = prefix + options.prefix
        // Even without a start of the caller's: a key that is no more than the prefix comes first.
        baseOptions.startAfter =
            prefix.isEmpty ? options.startAfter : prefix + (options.startAfter ?? "")
        let page = try await base.list(baseOptions)
        return BlobPage(
            blobs: page.blobs.compactMap { blob in
                guard let key = keyPrefix.removing(from: blob.key) else { return nil }
                var blob = blob
                blob.key = key
                return blob
            },
            commonPrefixes: page.commonPrefixes.compactMap { keyPrefix.removing(from: $0) },
            continuationToken: page.continuationToken
        )
    }

    /// Copies a blob inside the store.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        var options = options
        if case .replace(let headers, let metadata) = options.attributes {
            options.attributes = .replace(headers.resolved(for: destination), metadata)
        }
        let from = try keyPrefix.adding(to: source, operation: "copy")
        let to = try keyPrefix.adding(to: destination, operation: "copy")
        do {
            return try await base.copy(from, to: to, options: options).renaming(destination)
        } catch {
            throw keyPrefix.translating(error, from, to)
        }
    }

    private func translating(
        _ operation: String,
        _ key: BlobKey,
        _ call: (BlobKey) async throws -> BlobAttributes
    ) async throws -> BlobAttributes {
        let name = try keyPrefix.adding(to: key, operation: operation)
        do {
            return try await call(name).renaming(key)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }
}

extension BlobAttributes {
    /// The same attributes under a key of another name.
    func renaming(_ key: BlobKey) -> BlobAttributes {
        var attributes = self
        attributes.key = key
        return attributes
    }
}
