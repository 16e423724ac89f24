import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import Foundation

/// The buckets that `serve` serves.
struct ServedBuckets {
    let buckets: any GatewayBuckets
    /// The name of the one bucket, if there is one.
    let name: String?

    init(url: String, bucket: String?, isPlural: Bool, isReadOnly: Bool) async throws {
        if let bucket, !BucketName.isValid(bucket) {
            throw UsageError(
                "\"\(DisplayText(bucket))\" is no name for a bucket",
                remedy: "It has 3 to 63 small letters, digits, dots and hyphens."
            )
        }
        guard isPlural else {
            let store = try await StoreOpener.open(url)
            if !isReadOnly { try await store.prepare() }
            let name = bucket ?? BucketName.from(url)
            self.name = name
            buckets = FixedBuckets([name: isReadOnly ? store.readOnly() : store])
            return
        }
        let parsed = try StoreURL(url)
        guard parsed.scheme == StoreScheme.file.name else {
            throw UsageError("--buckets needs a file: URL, whose folders are the buckets")
        }
        // Opening it tells whether the path is one at all.
        let root = try await StoreOpener.open(url)
        if !isReadOnly { try await root.prepare() }
        buckets = FolderBuckets(url: url, isReadOnly: isReadOnly)
        name = nil
    }
}

/// Names of buckets.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
enum BucketName {
    /// Whether a bucket can have a name.
    static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), !name.contains("..") else { return false }
        let isPlain = bytes.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E }
        return isPlain && isLetterOrDigit(bytes[0]) && isLetterOrDigit(bytes[bytes.count - 1])
    }

    /// A valid name that is near the last part of a store's URL.
    static func from(_ url: String) -> String {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") }
        let parts = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
        var name: [UInt8] =
            (parts.count > 1 ? parts.last : nil).map { part in
                part.map { byte in
                    let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                    return isLetterOrDigit(lower) ? lower : 0x2D
                }
            } ?? []
        while name.first == 0x2D { name.removeFirst() }
        name = Array(name.prefix(63))
        while name.last == 0x2D { name.removeLast() }
        let text = String(decoding: name, as: UTF8.self)
        return isValid(text) ? text : "files"
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
