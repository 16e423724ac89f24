import BlobStorage

/// A store whose bodies are counted as they pass, for a progress bar.
struct MeteredStore: BlobStore {
    let base: any BlobStore
    let progress: Progress

    var capabilities: Capabilities { base.capabilities }

    func prepare() async throws { try await base.prepare() }

    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes {
        await progress.begin("put \(key)", total: body.byteCount)
        return try await base.put(key, body.metered(by: progress), options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        let blob = try await base.get(key, range: range, options: options)
        await progress.begin("get \(key)", total: Int64(blob.range.count))
        return Blob(
            attributes: blob.attributes,
            range: blob.range,
            body: blob.body.metered(by: progress)
        )
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(keys)
    }

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}

extension BlobBody {
    /// The same bytes, counted as they are read.
    fileprivate func metered(by progress: Progress) -> BlobBody {
        BlobBody(
            MeteredChunks(base: self, progress: progress),
            byteCount: byteCount,
            isReplayable: isReplayable
        )
    }
}

/// The chunks of a body, each counted when it is taken.
private struct MeteredChunks: AsyncSequence, Sendable {
    let base: BlobBody
    let progress: Progress

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: BlobBody.AsyncIterator
        let progress: Progress

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard let chunk = try await base.next(isolation: actor) else { return nil }
            await progress.advance(by: chunk.count)
            return chunk
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: #isolation)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), progress: progress)
    }
}
