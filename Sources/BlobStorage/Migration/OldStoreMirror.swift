/// Makes the old store of a migration have what the new one has, blob by blob.
///
/// Each writer writes to the new store, then to the old one, and then looks whether the new one
/// still has what it wrote; if not, it brings the old one up to date again. Whoever writes to the
/// old store last, of however many, has looked after that: so both end up the same.
struct OldStoreMirror: Sendable {
    /// How often a blob that goes on changing is copied again.
    private static let maximumAttempts = 10

    private let old: any BlobStore
    private let new: any BlobStore
    private let transfer: BlobTransfer

    init(of new: any BlobStore, in old: any BlobStore) {
        self.old = old
        self.new = new
        transfer = BlobTransfer(from: new, into: old, checksum: .crc64NVME, keepsTags: true)
    }

    /// What was put into the new store, and can be put into the old one as it is.
    struct Written: Sendable {
        let etag: ETag
        let body: BlobBody
        var options: PutOptions
    }

    /// Brings the old store up to date.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - written: What the new store was given; `nil` to read it there.
    /// - Throws: ``BlobError``; of kind `conflict` if the blob changes all the time.
    func update(_ key: BlobKey, written: Written? = nil) async throws {
        var written = written
        for _ in 0..<Self.maximumAttempts {
            let etag = try await writeOld(key, written)
            written = nil
            if try await newETag(key) == etag { return }
        }
        throw BlobError(
            .conflict,
            operation: "mirror",
            key: key,
            message: "the blob was changed each time the old store was brought up to date"
        )
    }

    /// - Returns: The version of the new store that the old one has now; `nil` for no blob.
    private func writeOld(_ key: BlobKey, _ written: Written?) async throws -> ETag? {
        if let written {
            var options = written.options
            // The condition was decided in the new store.
            options.condition = .none
            options.checksum = options.checksum.flatMap { request in
                old.capabilities.checksums.contains(request.algorithm) ? request : nil
            }
            _ = try await old.put(key, written.body, options: options)
            return written.etag
        }
        do {
            return try await transfer.copyVersion(key, condition: .none).original.etag
        } catch let error as BlobError where error.kind == .notFound {
            try await old.delete(key)
            return nil
        }
    }

    private func newETag(_ key: BlobKey) async throws -> ETag? {
        do {
            return try await new.head(key).etag
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }
}
