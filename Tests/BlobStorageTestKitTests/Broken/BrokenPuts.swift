import BlobStorage

struct LosesMetadata: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.metadata = [:]
        return try await base.put(key, body, options: options)
    }
}

struct TrimsMetadata: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        for (name, value) in options.metadata.pairs {
            let trimmed = value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            options.metadata[name] = String(trimmed)
        }
        return try await base.put(key, body, options: options)
    }
}

struct IgnoresIfAbsent: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        if options.condition == .ifAbsent { options.condition = .none }
        return try await base.put(key, body, options: options)
    }
}

/// Checks a condition, and writes some time later.
struct DecidesBeforeWriting: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        let exists = try await base.exists(key)
        let current = exists ? try await base.head(key).etag : nil
        try options.condition.check(current: current, operation: "put", key: key)
        await letOthersRun()
        var options = options
        options.condition = .none
        return try await base.put(key, body, options: options)
    }
}

struct KeepsPartialPuts: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body { bytes += chunk }
        } catch {
            // Not in this task, which may be cancelled.
            let kept = bytes
            _ = try await Task { try await base.put(key, kept) }.value
            throw error
        }
        return try await base.put(key, BlobBody(bytes), options: options)
    }
}

struct IgnoresDeclaredLength: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(key, BlobBody(body, byteCount: nil), options: options)
    }
}

struct WrapsBodyErrors: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        do {
            return try await base.put(key, body, options: options)
        } catch let error where !(error is BlobError) && !(error is CancellationError) {
            let message = "the body failed"
            throw BlobError(.unavailable, operation: "put", message: message, underlying: error)
        }
    }
}

struct LeavesUploads: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        let upload = try await base.createMultipartUpload(key)
        let attributes = try await base.put(key, body, options: options)
        try await base.abortMultipartUpload(upload)
        return attributes
    }
}

struct AcceptsWrongChecksums: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.checksum = options.checksum.map { .compute($0.algorithm) }
        return try await base.put(key, body, options: options)
    }
}

struct ChecksHeadersLate: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        let bytes = try await body.collect(upTo: 1 << 30)
        return try await base.put(key, bytes, options: options)
    }
}

struct GuessesNoType: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.headers.contentType = options.headers.contentType ?? ContentType.unknown
        return try await base.put(key, body, options: options)
    }
}
