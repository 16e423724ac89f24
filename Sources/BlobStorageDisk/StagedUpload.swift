import BlobStorage

/// What is known of a body before it is written.
struct StagedUpload: Sendable {
    let key: BlobKey
    let operation: String
    var checksum: PutChecksum?
    /// The most bytes to take; `nil` for no limit.
    var limit: Int64?
}

extension LocalDiskStore {
    /// Writes a body to a staged file and then calls `finish`, which makes something of it.
    ///
    /// If anything fails, or the task is cancelled, nothing of the file is left.
    func write<Result: Sendable>(
        _ upload: StagedUpload,
        _ body: BlobBody,
        _ finish: @escaping @Sendable (DiskVolume, StagedFile, Checksum?) throws -> Result
    ) async throws -> Result {
        if let bytes = body.bytesInMemory {
            // One trip to the threads that block does it all.
            return try await writeAtOnce(upload, finish) { staged in
                try upload.checkLimit(Int64(bytes.count))
                try bytes.withUnsafeBytes { try staged.descriptor.write($0, at: 0) }
                return try upload.check(upload.checksum.map { .of(bytes, $0.algorithm) })
            }
        }
        if let range = body.fileRange, upload.checksum == nil {
            return try await writeAtOnce(upload, finish) { staged in
                try upload.checkLimit(range.byteCount)
                try staged.descriptor.copy(range, to: 0)
                return nil
            }
        }
        return try await writeStream(upload, body, finish)
    }

    private func writeAtOnce<Result: Sendable>(
        _ upload: StagedUpload,
        _ finish: @escaping @Sendable (DiskVolume, StagedFile, Checksum?) throws -> Result,
        _ fill: @escaping @Sendable (StagedFile) throws -> Checksum?
    ) async throws -> Result {
        try await perform(upload.operation, upload.key) { volume in
            let staged = try volume.stage()
            defer { staged.discard() }
            return try finish(volume, staged, try fill(staged))
        }
    }

    private func writeStream<Result: Sendable>(
        _ upload: StagedUpload,
        _ body: BlobBody,
        _ finish: @escaping @Sendable (DiskVolume, StagedFile, Checksum?) throws -> Result
    ) async throws -> Result {
        let staged = try await perform(upload.operation, upload.key) { try $0.stage() }
        do {
            var hasher = upload.checksum.map { ChecksumHasher($0.algorithm) }
            var offset: Int64 = 0
            _ = try await body.forEachChunk(
                operation: upload.operation,
                key: upload.key,
                limit: upload.limit
            ) { chunk in
                let start = offset
                try await perform(upload.operation, upload.key) { _ in
                    try chunk.withUnsafeBytes { try staged.descriptor.write($0, at: start) }
                }
                hasher?.update(chunk)
                offset += Int64(chunk.count)
            }
            let checksum = try upload.check(hasher?.checksum())
            return try await perform(upload.operation, upload.key) { volume in
                defer { staged.discard() }
                return try finish(volume, staged, checksum)
            }
        } catch {
            staged.discard()
            throw error
        }
    }
}

extension StagedUpload {
    /// Compares the checksum that was computed with the one that was asked for.
    fileprivate func check(_ computed: Checksum?) throws -> Checksum? {
        if let computed { try checksum?.check(computed, operation: operation, key: key) }
        return computed
    }

    fileprivate func checkLimit(_ count: Int64) throws {
        guard let limit, count > limit else { return }
        let message = "the body has \(count) bytes; at most \(limit) are taken"
        throw BlobError(.tooLarge, operation: operation, key: key, message: message)
    }
}
