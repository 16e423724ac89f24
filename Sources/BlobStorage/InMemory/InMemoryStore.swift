public import Foundation

/// A store that keeps its blobs in memory, for tests and as the model of all other stores.
///
/// It does everything a store can do, in the most obvious way, and forgets it all at its end.
public final class InMemoryStore: BlobStore {
    struct Entry {
        var bytes: [UInt8]
        var attributes: BlobAttributes
        var tags = BlobTags()
        /// Of which parts it was made, if it was uploaded in parts.
        var parts: BlobParts?

        var listed: ListedBlob {
            ListedBlob(
                key: attributes.key,
                byteCount: attributes.byteCount,
                etag: attributes.etag,
                lastModified: attributes.lastModified
            )
        }
    }

    struct State {
        var blobs = OrderedMap<BlobKey, Entry>()
        var uploads = OrderedMap<UploadName, Upload>()
        /// Counts versions of blobs and of parts; never gives a number twice.
        var lastVersion: UInt64 = 0

        mutating func nextETag() -> ETag {
            lastVersion += 1
            return ETag("\"\(String(lastVersion, radix: 16))\"")
        }
    }

    let state = Locked(State())
    let now: @Sendable () -> Date

    /// What the parts of an upload may be; S3's own rules unless told otherwise.
    public let multipartLimits: MultipartLimits

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - multipartLimits: What the parts of an upload may be.
    ///   - now: Tells the time, for tests.
    public init(
        multipartLimits: MultipartLimits = .s3,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.multipartLimits = multipartLimits
        self.now = now
    }

    /// Everything.
    public var capabilities: Capabilities { Capabilities() }

    /// Does nothing: there is nothing to make.
    public func prepare() async throws {}

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "put", key: key)
        let bytes = try await body.whole(operation: "put", key: key)
        let checksum = try Self.checksum(of: bytes, options.checksum, operation: "put", key: key)
        return try state.withLock { state in
            try state.write(
                bytes,
                key: key,
                headers: options.headers,
                metadata: options.metadata,
                checksum: checksum,
                tags: options.tags,
                condition: options.condition,
                operation: "put",
                at: now()
            )
        }
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try range?.validate(operation: "get", key: key)
        let entry = try find(key, options.conditions, operation: "get")
        guard let range else {
            var body = BlobBody(entry.bytes)
            if options.verifiesChecksum, let checksum = entry.attributes.checksum {
                body = body.verified(by: checksum, operation: "get", key: key)
            }
            return Blob(
                attributes: entry.attributes,
                range: 0..<entry.attributes.byteCount,
                body: body
            )
        }
        let part = try range.resolved(inByteCount: entry.attributes.byteCount, key: key)
        let bytes = Array(entry.bytes[Int(part.lowerBound)..<Int(part.upperBound)])
        return Blob(attributes: entry.attributes, range: part, body: BlobBody(bytes))
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try find(key, options.conditions, operation: "head").attributes
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try Task.checkCancellation()
        try state.withLock { state in
            try options.condition.check(
                current: state.blobs[key]?.attributes.etag,
                operation: "delete",
                key: key
            )
            _ = state.blobs.remove(key)
        }
    }

    /// Deletes many blobs.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try Task.checkCancellation()
        state.withLock { state in
            for key in keys { _ = state.blobs.remove(key) }
        }
        return []
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try Task.checkCancellation()
        var builder = try PageBuilder(options)
        return state.withLock { state in
            let blobs = state.blobs
            var index = blobs.firstIndex { builder.start.isAfter($0.text) }
            while let (key, entry) = blobs.entry(at: index) {
                switch builder.offer(key, { entry.listed }) {
                case .advance: index = blobs.index(after: index)
                case .seek(let position): index = blobs.firstIndex { position.isAfter($0.text) }
                case .finish: return builder.page()
                }
            }
            return builder.page()
        }
    }

    /// Copies a blob inside the store.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try Task.checkCancellation()
        try options.validate(operation: "copy", key: destination)
        return try state.withLock { state in
            let entry = try state.find(source, options.sourceConditions, operation: "copy")
            var headers = entry.attributes.headers
            var metadata = entry.attributes.metadata
            if case .replace(let newHeaders, let newMetadata) = options.attributes {
                (headers, metadata) = (newHeaders, newMetadata)
            }
            return try state.write(
                entry.bytes,
                key: destination,
                headers: headers,
                metadata: metadata,
                checksum: entry.attributes.checksum,
                tags: options.tags ?? entry.tags,
                condition: options.condition,
                operation: "copy",
                at: now()
            )
        }
    }
}

extension InMemoryStore {
    /// Computes the checksum that was asked for, and checks it.
    static func checksum(
        of bytes: [UInt8],
        _ request: PutChecksum?,
        operation: String,
        key: BlobKey
    ) throws -> Checksum? {
        guard let request else { return nil }
        let checksum = Checksum.of(bytes, request.algorithm)
        try request.check(checksum, operation: operation, key: key)
        return checksum
    }

    func find(
        _ key: BlobKey,
        _ conditions: ReadConditions,
        operation: String
    ) throws -> Entry {
        try Task.checkCancellation()
        return try state.withLock { try $0.find(key, conditions, operation: operation) }
    }
}

extension InMemoryStore.State {
    /// Looks a blob up and decides a reader's conditions.
    func find(
        _ key: BlobKey,
        _ conditions: ReadConditions,
        operation: String
    ) throws -> InMemoryStore.Entry {
        guard let entry = blobs[key] else {
            throw BlobError(
                .notFound,
                operation: operation,
                key: key,
                message: "there is no such blob"
            )
        }
        try conditions.check(
            etag: entry.attributes.etag,
            lastModified: entry.attributes.lastModified,
            operation: operation,
            key: key
        )
        return entry
    }

    /// Decides a writer's condition and writes the blob.
    mutating func write(
        _ bytes: [UInt8],
        key: BlobKey,
        headers: ContentHeaders,
        metadata: BlobMetadata,
        checksum: Checksum?,
        tags: BlobTags,
        parts: BlobParts? = nil,
        condition: WriteCondition,
        operation: String,
        at time: Date
    ) throws -> BlobAttributes {
        try condition.check(
            current: condition == .none ? nil : blobs[key]?.attributes.etag,
            operation: operation,
            key: key
        )
        let attributes = BlobAttributes(
            key: key,
            byteCount: Int64(bytes.count),
            etag: nextETag(),
            lastModified: time,
            headers: headers.resolved(for: key),
            metadata: metadata,
            checksum: checksum
        )
        let entry = InMemoryStore.Entry(
            bytes: bytes,
            attributes: attributes,
            tags: tags,
            parts: parts
        )
        blobs.set(key, to: entry)
        return attributes
    }
}
