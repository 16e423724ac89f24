import BlobStorage

/// A store whose calls can be changed by a test.
struct InterceptedStore: BlobStore {
    var base: any BlobStore
    var capabilities: Capabilities
    var onPut:
        @Sendable (any BlobStore, BlobKey, BlobBody, PutOptions) async throws -> BlobAttributes = {
            try await $0.put($1, $2, options: $3)
        }
    var onGet: @Sendable (any BlobStore, BlobKey, GetOptions) async throws -> Blob = {
        try await $0.get($1, range: nil, options: $2)
    }
    var onHead: @Sendable (any BlobStore, BlobKey) async throws -> BlobAttributes = {
        try await $0.head($1)
    }
    var onDelete: @Sendable (any BlobStore, [BlobKey]) async throws -> [DeleteFailure] = {
        try await $0.delete($1)
    }
    var onList: @Sendable (any BlobStore, ListOptions) async throws -> BlobPage = {
        try await $0.list($1)
    }

    init(_ base: any BlobStore) {
        self.base = base
        capabilities = base.capabilities
    }

    func prepare() async throws { try await base.prepare() }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await onPut(base, key, body, options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await onGet(base, key, options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await onHead(base, key)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await onDelete(base, keys)
    }

    func list(_ options: ListOptions) async throws -> BlobPage {
        try await onList(base, options)
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}

/// Chunks that are made as they are read.
struct MadeChunks: AsyncSequence, Sendable {
    /// Gives the chunk of a number from 0; `nil` is the end.
    let chunk: @Sendable (Int) async throws -> [UInt8]?

    struct AsyncIterator: AsyncIteratorProtocol {
        let chunk: @Sendable (Int) async throws -> [UInt8]?
        var number = 0

        mutating func next() async throws -> [UInt8]? {
            defer { number += 1 }
            return try await chunk(number)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunk: chunk) }
}

/// Keys that a careless store would mix up: byte order, normalization, separators.
let nastyKeys: [BlobKey] = [
    "a", "a/", "a//b", "a/b", "a/../b", ".", "..", "/", "//", "a\r\nb", "a\u{0}b", " ", "a b",
    "%2F", "é", "e\u{301}", "\u{301}", "\u{301}/x", "\u{FFFF}", "\u{10000}", "日本/語", "?", "#",
    "a/b.jpg", "z/\u{200D}", "\u{7F}", "A", "a/\u{301}", "a-b", "a.b",
]
