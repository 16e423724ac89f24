import BlobStorage

extension CaseScope {
    /// The most bytes that a case reads back.
    static let readLimit = 1 << 26

    /// Calls that a case makes at the same time when it only prepares.
    private static let fixtureConcurrency = 16

    /// Writes a blob through the fixture.
    @discardableResult
    func seed(
        _ name: String,
        _ text: String = "old",
        options: PutOptions = PutOptions()
    ) async throws -> BlobAttributes {
        try await fixture.put(key(name), text, options: options)
    }

    /// Writes many small blobs through the fixture, each with its own name as its bytes.
    func seedAll(_ names: some Sequence<String> & Sendable) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() {
                if index >= Self.fixtureConcurrency { try await group.next() }
                group.addTask { _ = try await seed(name, name) }
            }
            try await group.waitForAll()
        }
    }

    /// A blob's bytes, read through the store under test.
    func bytes(_ key: BlobKey, range: ByteRange? = nil) async throws -> [UInt8] {
        try await store.bytes(key, upTo: Self.readLimit, range: range)
    }

    /// Throws unless a blob has these bytes, to `get`, `head` and `list`.
    func expectBlob(_ key: BlobKey, _ expected: [UInt8]) async throws {
        try await expectBytes(bytes(key), expected, "the blob's bytes")
        try await expectEqual(
            store.head(key).byteCount,
            Int64(expected.count),
            "the byte count that head gives"
        )
    }

    /// Throws unless a blob has this text.
    func expectBlob(_ key: BlobKey, _ expected: String) async throws {
        try await expectBlob(key, Array(expected.utf8))
    }

    /// Throws unless a blob is still the version that was written, with its bytes.
    func expectUnchanged(_ written: BlobAttributes, _ text: String = "old") async throws {
        try await expectBlob(written.key, text)
        let found = try await store.head(written.key)
        try expectEqual(found.etag, written.etag, "the etag of the blob that was there before")
        try expectEqual(found.headers, written.headers, "its headers")
        try expectEqual(found.metadata, written.metadata, "its metadata")
    }

    /// Throws unless there is no blob, to `head`, `get` and `list`.
    func expectMissing(_ key: BlobKey) async throws {
        try await expectError(.notFound, from: "head of a blob that is not there") {
            try await store.head(key)
        }
        try await expectError(.notFound, from: "get of a blob that is not there") {
            try await store.get(key).body.collect(upTo: Self.readLimit)
        }
        let page = try await store.list(ListOptions(prefix: key.text))
        let isListed = page.blobs.contains { $0.key == key }
        try expect(!isListed, "no blob in the listing", found: "\(readable(key.text))")
    }

    /// Bytes that repeat nowhere near, so that a wrong offset shows.
    static func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SplitMix64(seed)
        // A length that is prime, so that blocks of a power of two never look alike.
        let run = (0..<4_093).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count + run.count <= count { bytes.append(contentsOf: run) }
        bytes.append(contentsOf: run.prefix(count - bytes.count))
        return bytes
    }
}
