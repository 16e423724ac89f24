import Foundation

extension InMemoryStore: MultipartBlobStore, ChecksummedCompletion {
    /// What uploads are ordered by: the key, then the time, which the id's number tells.
    struct UploadName: Comparable {
        var key: BlobKey
        var number: UInt64

        static func < (a: Self, b: Self) -> Bool {
            a.key == b.key ? a.number < b.number : a.key < b.key
        }

        init(key: BlobKey, number: UInt64) {
            self.key = key
            self.number = number
        }

        /// The name behind an id that this store gave; `nil` for any other text.
        init?(_ upload: MultipartUpload) {
            guard let number = UInt64(upload.id, radix: 16) else { return nil }
            self.init(key: upload.key, number: number)
            // A number has many spellings, an upload one name.
            guard UTF8Order.equal(self.upload.id, upload.id) else { return nil }
        }

        var upload: MultipartUpload {
            // Sixteen digits, so that ids sort as their numbers do.
            let digits = String(number, radix: 16)
            let zeros = String(repeating: "0", count: 16 - digits.count)
            return MultipartUpload(key: key, id: zeros + digits)
        }
    }

    struct Part {
        var bytes: [UInt8]
        var uploaded: UploadedPart
    }

    struct Upload {
        var options: MultipartOptions
        var created: Date
        var parts: [Int: Part] = [:]

        /// What is remembered of the parts that a blob is made of.
        func parts(_ found: [UploadedPart]) -> BlobParts {
            BlobParts(
                byteCounts: found.map(\.byteCount),
                checksum: options.compositeChecksum.map { algorithm in
                    let checksums = found.map { part in
                        Checksum.of(parts[part.number]?.bytes ?? [], algorithm)
                    }
                    return Checksum.composite(of: checksums, algorithm)
                }
            )
        }
    }

    /// Begins a multipart upload.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try options.validate(operation: "createMultipartUpload", key: key)
        let created = now()
        return state.withLock { state in
            state.lastVersion += 1
            let name = UploadName(key: key, number: state.lastVersion)
            state.uploads.set(name, to: Upload(options: options, created: created))
            return name.upload
        }
    }

    /// Uploads one part, replacing the one that has its number.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        let operation = "uploadPart"
        try multipartLimits.validate(partNumber: number, operation: operation, key: upload.key)
        _ = try state.withLock { try $0.find(upload, operation) }
        let bytes = try await body.whole(
            operation: operation,
            key: upload.key,
            limit: multipartLimits.maximumPartByteCount
        )
        _ = try Self.checksum(
            of: bytes,
            checksum.map { .expect($0) },
            operation: operation,
            key: upload.key
        )
        return try state.withLock { state in
            var (name, entry) = try state.find(upload, operation)
            let part = UploadedPart(
                number: number,
                etag: state.nextETag(),
                byteCount: Int64(bytes.count)
            )
            entry.parts[number] = Part(bytes: bytes, uploaded: part)
            state.uploads.set(name, to: entry)
            return part
        }
    }

    /// Lists one page of the parts that are there, by number.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try ListOptions(limit: limit).validate(operation: "listParts")
        let (_, entry) = try state.withLock { try $0.find(upload, "listParts") }
        let parts = entry.parts.values.map(\.uploaded)
            .filter { $0.number > startAfter }
            .sorted { $0.number < $1.number }
        return PartPage(
            parts: Array(parts.prefix(limit)),
            nextStartAfter: parts.count > limit ? parts[limit - 1].number : nil
        )
    }

    /// Makes the parts one blob, in the order of their numbers.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try complete(upload, parts, condition, expecting: nil)
    }

    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try complete(upload, parts, condition, expecting: checksum)
    }

    private func complete(
        _ upload: MultipartUpload,
        _ parts: [UploadedPart],
        _ condition: WriteCondition,
        expecting checksum: Checksum?
    ) throws -> BlobAttributes {
        let operation = "completeMultipartUpload"
        let now = now()
        return try state.withLock { state in
            let (name, entry) = try state.find(upload, operation)
            let found = try parts.map { part in
                try part.check(against: entry.parts[part.number]?.uploaded, key: upload.key)
            }
            try multipartLimits.validate(completing: found, key: upload.key)
            let bytes = found.flatMap { entry.parts[$0.number]?.bytes ?? [] }
            _ = try Self.checksum(
                of: bytes,
                checksum.map { .expect($0) },
                operation: operation,
                key: upload.key
            )
            let attributes = try state.write(
                bytes,
                key: upload.key,
                headers: entry.options.headers,
                metadata: entry.options.metadata,
                checksum: entry.options.checksum.map { Checksum.of(bytes, $0) },
                tags: entry.options.tags,
                parts: entry.parts(found),
                condition: condition,
                operation: operation,
                at: now
            )
            state.uploads.remove(name)
            return attributes
        }
    }

    /// Drops an upload and its parts; it is no error if there is none.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        guard let name = UploadName(upload) else { return }
        state.withLock { _ = $0.uploads.remove(name) }
    }

    /// Lists one page of the uploads that were neither completed nor aborted.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        let page = try UploadPageRequest(
            prefix: prefix,
            continuationToken: continuationToken,
            limit: limit
        )
        let all = state.withLock { state in
            var found: [ListedMultipartUpload] = []
            var index = state.uploads.firstIndex { UTF8Order.compare($0.key.text, prefix) < 0 }
            while let (name, entry) = state.uploads.entry(at: index) {
                guard UTF8Order.hasPrefix(name.key.text, prefix) else { break }
                found.append(ListedMultipartUpload(upload: name.upload, created: entry.created))
                index = state.uploads.index(after: index)
            }
            return found
        }
        return page.cut(all)
    }
}

extension InMemoryStore: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        let entry = try find(key, options.conditions, operation: "head")
        return (entry.attributes, entry.parts)
    }
}

extension InMemoryStore.State {
    /// Looks an upload up.
    func find(
        _ upload: MultipartUpload,
        _ operation: String
    ) throws -> (InMemoryStore.UploadName, InMemoryStore.Upload) {
        guard let name = InMemoryStore.UploadName(upload), let entry = uploads[name] else {
            throw BlobError.noSuchUpload(upload, operation)
        }
        return (name, entry)
    }
}
