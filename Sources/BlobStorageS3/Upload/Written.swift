internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageCrypto
internal import BlobStorageHTTP
internal import Foundation

/// What a put, or a copy in parts, has written, or may have written.
struct Written: Sendable {
    let key: BlobKey
    let options: PutOptions
    let byteCount: Int64
    /// The checksum of the bytes, if one was computed.
    let checksum: Checksum?
    /// The bytes, if they are in memory.
    let bytes: [UInt8]?

    init(
        _ key: BlobKey,
        _ options: PutOptions,
        byteCount: Int64,
        _ checksum: Checksum?,
        bytes: [UInt8]?
    ) {
        self.key = key
        self.options = options
        self.byteCount = byteCount
        self.checksum = checksum
        self.bytes = bytes
    }

    /// The attributes of the blob that an answer confirms.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - now: Our own time, should the answer have none.
    /// - Returns: The attributes.
    /// - Throws: `AWSFailure` if the answer has no etag.
    func attributes(_ response: HTTPResponse, now: Date) throws -> BlobAttributes {
        BlobAttributes(
            key: key,
            byteCount: byteCount,
            etag: try response.etag(),
            // S3 doesn't say; the blob was written in the second that the answer was.
            lastModified: response.headers["date"].flatMap({ HTTPDate.parse($0) }) ?? now,
            headers: options.headers.resolved(for: key),
            metadata: options.metadata,
            checksum: S3Checksums.whole(response.headers) ?? checksum
        )
    }

    /// Whether a version that was found has this one's size, metadata and headers.
    func fits(_ found: BlobAttributes) -> Bool {
        found.byteCount == byteCount && found.metadata == options.metadata
            && found.headers == options.headers.resolved(for: key)
    }

    /// Whether a version that was found can be told to be this one, but for its tags.
    func isSame(as found: BlobAttributes) -> Bool {
        guard fits(found) else { return false }
        if let checksum, found.checksum == checksum { return true }
        // The etag of an object that was put whole and not encrypted is its MD5.
        guard let bytes else { return false }
        guard let digest = try? DigestAlgorithm.md5.digest(of: bytes) else { return false }
        return UTF8Order.equal(found.etag.text, "\"\(Hex.text(digest))\"")
    }
}
