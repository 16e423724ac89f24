/// The text that a ``PrefixedStore`` puts before every key, and takes away again.
///
/// Everything happens on bytes: both parts are UTF-8, so the place between them never falls inside
/// a scalar, whatever combining mark the second one begins with.
struct KeyPrefix: Sendable {
    let text: String
    private let byteCount: Int

    init(_ text: String) {
        self.text = text
        byteCount = text.utf8.count
    }

    /// The base store's name for a key.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the name is too long to be a key.
    func adding(to key: BlobKey, operation: String) throws(BlobError) -> BlobKey {
        let count = byteCount + key.text.utf8.count
        guard count <= BlobKey.maximumByteCount else {
            let message =
                "the key has \(key.text.utf8.count) bytes, and \(count) behind this store's prefix "
                + "of \(byteCount); a key has 1 to 1,024"
            throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
        }
        return BlobKey(unchecked: text + key.text)
    }

    /// What follows the prefix; `nil` if the text does not begin with it, or nothing follows.
    func removing(from name: String) -> String? {
        guard name.utf8.count > byteCount, UTF8Order.hasPrefix(name, text) else { return nil }
        return String(decoding: name.utf8.dropFirst(byteCount), as: UTF8.self)
    }

    /// The caller's name for a key of the base store; `nil` if the caller can't see it.
    func removing(from key: BlobKey) -> BlobKey? {
        removing(from: key.text).map(BlobKey.init(unchecked:))
    }

    /// An error of the base store as the caller must see it.
    ///
    /// Only the keys that this call handed on are given their old names: a body that is written may
    /// fail with an error of its own, about a key of another store.
    func translating(_ error: any Error, _ keys: BlobKey...) -> any Error {
        guard let error = error as? BlobError, let named = error.key,
            let key = keys.first(where: { $0 == named }),
            let name = removing(from: key)
        else { return error }
        return error.renaming(name)
    }
}

extension BlobError {
    /// The same error about a key of another name, and of another operation.
    func renaming(_ key: BlobKey, operation: String? = nil) -> BlobError {
        BlobError(
            kind,
            operation: operation ?? self.operation,
            key: key,
            message: message,
            underlying: underlying,
            remote: remote,
            isRetryable: isRetryable
        )
    }
}

extension BlobBody {
    /// The same bytes, whose errors go through a function.
    ///
    /// Bytes in memory and files stay what they are, since their errors name no key.
    func mappingErrors(_ map: @escaping @Sendable (any Error) -> any Error) -> BlobBody {
        guard case .stream(let base) = source else { return self }
        let stream = ChunkStream(isReplayable: isReplayable) {
            ErrorMappingChunkIterator(base.makeIterator(), map)
        }
        return BlobBody(stream, byteCount: byteCount, isReplayable: isReplayable)
    }
}

/// Hands on chunks, and errors in other words.
private final class ErrorMappingChunkIterator: ChunkIterator {
    private let base: ChunkIterator
    private let map: @Sendable (any Error) -> any Error

    init(_ base: ChunkIterator, _ map: @escaping @Sendable (any Error) -> any Error) {
        self.base = base
        self.map = map
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        do {
            return try await base.next(isolation: actor)
        } catch {
            throw map(error)
        }
    }
}
