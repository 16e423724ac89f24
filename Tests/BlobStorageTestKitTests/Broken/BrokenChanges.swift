import BlobStorage

struct RefusesToDeleteNothing: BrokenStore {
    let base = InMemoryStore()

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        _ = try await base.head(key)
        try await base.delete(key, options: options)
    }
}

struct DeletesWhateverTheETag: BrokenStore {
    let base = InMemoryStore()

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key)
    }
}

struct DeletesFirst1000: BrokenStore {
    let base = InMemoryStore()

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(Array(keys.prefix(1_000)))
    }
}

struct DeletesContents: BrokenStore {
    let base = InMemoryStore()

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
        try await base.deleteAll(prefix: key.text + "/")
    }
}

struct CopiesWithoutAttributes: BrokenStore {
    let base = InMemoryStore()

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        var options = options
        if options.attributes == .keep { options.attributes = .replace(ContentHeaders(), [:]) }
        return try await base.copy(source, to: destination, options: options)
    }
}

/// Takes the destination's condition for one on the source.
struct MixesUpCopyConditions: BrokenStore {
    let base = InMemoryStore()

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        var options = options
        if case .ifMatches(let etag) = options.condition {
            options.sourceConditions.ifMatches = etag
            options.condition = .none
        }
        return try await base.copy(source, to: destination, options: options)
    }
}

/// Shows an upload's parts as a blob before it is completed.
struct ShowsPartsEarly: BrokenStore {
    let base = InMemoryStore(multipartLimits: .small)

    func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await base.put(upload.key, body)
        return try await base.uploadPart(number, of: upload, body, checksum: checksum)
    }
}

struct SortsPartsItself: BrokenStore {
    let base = InMemoryStore(multipartLimits: .small)

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        let sorted = parts.sorted { $0.number < $1.number }
        return try await base.completeMultipartUpload(upload, parts: sorted, condition: condition)
    }
}

struct CompletesAllParts: BrokenStore {
    let base = InMemoryStore(multipartLimits: .small)

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        let all = try await base.parts(of: upload)
        let chosen = parts.isEmpty ? parts : all
        return try await base.completeMultipartUpload(upload, parts: chosen, condition: condition)
    }
}

/// Drops an upload whose completion fails.
struct DropsFailedUploads: BrokenStore {
    let base = InMemoryStore(multipartLimits: .small)

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        do {
            return try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition
            )
        } catch {
            try await base.abortMultipartUpload(upload)
            throw error
        }
    }
}

/// Says that it can't decide a condition, and passes over it in silence.
struct PassesOverConditions: BrokenStore {
    let base = InMemoryStore()

    var capabilities: Capabilities { Capabilities(features: [.write, .putIfMatches]) }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.condition = .none
        return try await base.put(key, body, options: options)
    }
}

/// Says that it is read-only, and deletes all the same.
struct DeletesThoughReadOnly: BrokenStore {
    let base: InMemoryStore

    var capabilities: Capabilities { Capabilities(features: []) }
}
