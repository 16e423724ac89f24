// A store of one's own, and the proof that it keeps the promises of all stores.
import BlobStorage
import BlobStorageTestKit
import Foundation

// snippet.show
/// Keeps blobs in a dictionary.
actor DictionaryStore: BlobStore {
    private struct Entry {
        var bytes: [UInt8]
        var attributes: BlobAttributes
        // snippet.hide

        var listed: ListedBlob {
            ListedBlob(
                key: attributes.key,
                byteCount: attributes.byteCount,
                etag: attributes.etag,
                lastModified: attributes.lastModified
            )
        }
        // snippet.show
    }

    private var entries: [BlobKey: Entry] = [:]
    private var lastVersion = 0

    // `Capabilities()` claims everything, and what is claimed is promised.
    nonisolated let capabilities = Capabilities()

    func prepare() async throws {}

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "put", key: key)
        let bytes = try await Self.read(body, for: key)
        let checksum = options.checksum.map { Checksum.of(bytes, $0.algorithm) }
        if let checksum { try options.checksum?.check(checksum, operation: "put", key: key) }
        // No `await` from here on, so that nothing comes between the condition and the write.
        try check(options.condition, key, operation: "put")
        return write(bytes, key, options.headers, options.metadata, checksum)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) throws -> Blob {
        let entry = try find(key, options.conditions, operation: "get")
        let count = entry.attributes.byteCount
        let part = try range?.resolved(inByteCount: count, key: key) ?? 0..<count
        let body = BlobBody(Array(entry.bytes[Int(part.lowerBound)..<Int(part.upperBound)]))
        return Blob(attributes: entry.attributes, range: part, body: body)
    }
}
// snippet.hide

extension DictionaryStore {
    func head(_ key: BlobKey, options: HeadOptions) throws -> BlobAttributes {
        try find(key, options.conditions, operation: "head").attributes
    }

    func delete(_ key: BlobKey, options: DeleteOptions) throws {
        try check(options.condition, key, operation: "delete")
        entries[key] = nil
    }

    func delete(_ keys: [BlobKey]) -> [DeleteFailure] {
        for key in keys { entries[key] = nil }
        return []
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) throws -> BlobAttributes {
        try options.validate(operation: "copy", key: destination)
        let entry = try find(source, options.sourceConditions, operation: "copy")
        try check(options.condition, destination, operation: "copy")
        var (headers, metadata) = (entry.attributes.headers, entry.attributes.metadata)
        if case .replace(let newHeaders, let newMetadata) = options.attributes {
            (headers, metadata) = (newHeaders, newMetadata)
        }
        return write(entry.bytes, destination, headers, metadata, entry.attributes.checksum)
    }
}

// snippet.show
extension DictionaryStore {
    func list(_ options: ListOptions) throws -> BlobPage {
        try options.validate()
        var page = BlobPage(blobs: [])
        var last = try Self.start(of: options)
        for key in entries.keys.sorted() where key.text.utf8.starts(with: options.prefix.utf8) {
            let prefix = Self.commonPrefix(of: key, options)
            let text = prefix ?? key.text
            guard last.utf8.lexicographicallyPrecedes(text.utf8) else { continue }
            if page.blobs.count + page.commonPrefixes.count == options.limit {
                page.continuationToken = Self.tokenMark + last
                return page
            }
            if let prefix {
                page.commonPrefixes.append(prefix)
            } else if let entry = entries[key] {
                page.blobs.append(entry.listed)
            }
            last = text
        }
        return page
    }
}
// snippet.hide

extension DictionaryStore {
    /// The text that the page begins after.
    ///
    /// Tokens are marked, so that those of other stores can be refused.
    private static func start(of options: ListOptions) throws -> String {
        guard let token = options.continuationToken else { return options.startAfter ?? "" }
        guard token.hasPrefix(tokenMark) else {
            let message = "the continuation token is not from this store"
            throw BlobError(.invalidArgument, operation: "list", message: message)
        }
        return String(token.dropFirst(tokenMark.count))
    }

    private static let tokenMark = "after:"

    /// The key up to and with the first delimiter after the prefix; `nil` if there is none.
    private static func commonPrefix(of key: BlobKey, _ options: ListOptions) -> String? {
        guard let delimiter = options.delimiter.map({ Array($0.utf8) }) else { return nil }
        let text = Array(key.text.utf8)
        var start = options.prefix.utf8.count
        while start + delimiter.count <= text.count {
            let end = start + delimiter.count
            if text[start..<end].elementsEqual(delimiter) {
                return String(decoding: text[..<end], as: UTF8.self)
            }
            start += 1
        }
        return nil
    }

    /// Reads a body whole; a body that declares its length must deliver just so much.
    private static func read(_ body: BlobBody, for key: BlobKey) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body { bytes += chunk }
        if let declared = body.byteCount, declared != bytes.count {
            let message = "the body has \(bytes.count) bytes; it declared \(declared)"
            throw BlobError(.invalidArgument, operation: "put", key: key, message: message)
        }
        try Task.checkCancellation()
        return bytes
    }

    private func check(_ condition: WriteCondition, _ key: BlobKey, operation: String) throws {
        let current = entries[key]?.attributes.etag
        try condition.check(current: current, operation: operation, key: key)
    }

    private func find(
        _ key: BlobKey,
        _ conditions: ReadConditions,
        operation: String
    ) throws -> Entry {
        guard let entry = entries[key] else {
            let message = "there is no such blob"
            throw BlobError(.notFound, operation: operation, key: key, message: message)
        }
        try conditions.check(
            etag: entry.attributes.etag,
            lastModified: entry.attributes.lastModified,
            operation: operation,
            key: key
        )
        return entry
    }

    private func write(
        _ bytes: [UInt8],
        _ key: BlobKey,
        _ headers: ContentHeaders,
        _ metadata: BlobMetadata,
        _ checksum: Checksum?
    ) -> BlobAttributes {
        lastVersion += 1
        var headers = headers
        headers.contentType = headers.contentType ?? ContentType.guess(for: key)
        let attributes = BlobAttributes(
            key: key,
            byteCount: Int64(bytes.count),
            etag: ETag("\"\(lastVersion)\""),
            lastModified: Date(),
            headers: headers,
            metadata: metadata,
            checksum: checksum
        )
        entries[key] = Entry(bytes: bytes, attributes: attributes)
        return attributes
    }
}

// snippet.show
let store = DictionaryStore()
for promise in BlobStoreConformance.cases {
    try await promise.run(on: ConformanceSubject(store))
}
print("not applicable:", BlobStoreConformance.namesLeftOut(by: store))
