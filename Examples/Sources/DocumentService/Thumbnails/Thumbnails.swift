import BlobStorage
import Foundation

/// Makes a small picture when a picture lands, and removes it when the picture goes.
///
/// It is the handler of the store's events, and can be called for one of them again and again.
struct Thumbnails: Sendable {
    /// The attribute of a record whose document has a thumbnail.
    static let attribute = "thumbnail"
    /// What the keys of thumbnails begin with.
    static let keyPrefix = "thumbnails/"
    /// The most bytes of a picture that a thumbnail is made of; they pass through the service.
    private static let pictureByteLimit: Int64 = 32 << 20

    let store: any BlobStore
    let metadata: any MetadataStore
    let events: BucketEvents
    /// What the keys of documents begin with.
    let documentPrefix: String
    let imageMagick: ImageMagick

    /// The key of a document's thumbnail.
    static func key(of id: DocumentID) throws -> BlobKey {
        try BlobKey(keyPrefix + id.text + ".png")
    }

    /// The document whose file or thumbnail a key is; `nil` if it is neither.
    static func id(of key: BlobKey) -> DocumentID? {
        let name = key.text.utf8.split(separator: UInt8(ascii: "/")).last
        // Where a store can't copy on a condition, a mark of the attempt stands behind the id.
        let stem = name?.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "_") }
        return stem.flatMap { try? DocumentID(String(decoding: $0, as: UTF8.self)) }
    }

    /// Does what an event of the store is about.
    ///
    /// - Throws: ``ThumbnailError`` if the picture makes none; what the stores do.
    func handle(_ event: BlobEvent) async throws {
        guard let key = events.key(of: event), key.text.utf8.starts(with: documentPrefix.utf8),
            let id = Self.id(of: key)
        else { return }
        switch event.kind {
        case .created: try await make(id, key)
        case .deleted: try await remove(id)
        default: break
        }
    }

    private func make(_ id: DocumentID, _ key: BlobKey) async throws {
        guard let record = try await metadata.find(id), record.state != .deleting,
            record.key == key, record.attributes[Self.attribute] == nil,
            record.contentType?.utf8.starts(with: "image/".utf8) ?? false
        else { return }
        let start: Blob
        do {
            start = try await store.get(key, range: .first(Int64(ImageKind.signatureByteCount)))
        } catch let error as BlobError where error.kind == .notFound || error.kind.isRange {
            return
        }
        let bytes = try await start.body.collect(upTo: ImageKind.signatureByteCount)
        guard let kind = ImageKind(firstBytes: bytes),
            start.attributes.byteCount <= Self.pictureByteLimit
        else { return }
        let thumbnail = try await picture(key, start.attributes.etag, kind)
        let options = PutOptions(
            headers: ContentHeaders(
                contentType: "image/png",
                cacheControl: "private, max-age=86400"
            )
        )
        try await store.put(Self.key(of: id), thumbnail, options: options)
        do {
            try await metadata.update(id) { record in
                guard record.state != .deleting else { throw Gone() }
                record.attributes[Self.attribute] = "png"
            }
        } catch let error where error is Gone || (error as? BlobError)?.kind == .notFound {
            // It was deleted meanwhile, and nobody else knows of what was just written.
            try await store.delete(Self.key(of: id))
        }
    }

    private struct Gone: Error {}

    /// The bytes of a thumbnail, made of a copy of the picture.
    private func picture(_ key: BlobKey, _ etag: ETag, _ kind: ImageKind) async throws -> [UInt8] {
        let name = "\(imageMagick.folder)/\(UUID().uuidString)"
        let (input, output) = ("\(name).in", "\(name).out")
        defer {
            for path in [input, output] { try? FileManager.default.removeItem(atPath: path) }
        }
        let options = GetOptions(conditions: ReadConditions(ifMatches: etag))
        try await store.get(key, toFile: input, options: options)
        try await imageMagick.makeThumbnail(of: input, kind, in: output)
        return try await BlobBody.file(output).collect(upTo: Self.thumbnailByteLimit)
    }

    /// The most bytes of a thumbnail; one without any compression has fewer.
    private static let thumbnailByteLimit = 1 << 20

    private func remove(_ id: DocumentID) async throws {
        // An event may come late, when there is a document of that id again.
        if let record = try await metadata.find(id), record.state != .deleting { return }
        try await store.delete(Self.key(of: id))
    }

    /// Removes thumbnails of documents that are gone; a process may have ended between two steps.
    ///
    /// - Returns: How many there were.
    /// - Throws: What the stores do.
    func sweep() async throws -> Int {
        var count = 0
        var options = ListOptions(prefix: Self.keyPrefix)
        while true {
            let page = try await store.list(options)
            let keys = page.blobs.map(\.key)
            let records = try await metadata.records(keys.compactMap(Self.id(of:)))
            let orphans = keys.filter { key in Self.id(of: key).map { records[$0] == nil } ?? false
            }
            if !orphans.isEmpty { count += orphans.count - (try await store.delete(orphans)).count }
            guard let token = page.continuationToken else { return count }
            options.continuationToken = token
        }
    }
}

extension BlobError.Kind {
    /// Whether a range was asked for of a blob that has not so many bytes.
    fileprivate var isRange: Bool { self == .rangeNotSatisfiable }
}
