import BlobStorage

/// Understands the events of a store: those that the service makes of its own changes, and those that
/// a bucket sends.
struct BucketEvents: Sendable {
    /// The source of the service's own events, whose keys are its own too; no bucket has that name.
    static let ownSource = "document-service/own"

    private let bucket: String?
    /// What the bucket's keys have before the service's own.
    private let keyPrefix: String

    /// Reads bucket and prefix from a store's address.
    init(_ url: StoreURL) {
        bucket = url.scheme == "s3" ? url.host : nil
        let prefix = url.path.utf8.drop { $0 == UInt8(ascii: "/") }
        let isOpen = prefix.last != nil && prefix.last != UInt8(ascii: "/")
        keyPrefix = String(decoding: prefix, as: UTF8.self) + (isOpen ? "/" : "")
    }

    /// The key that an event is about, as the service calls it.
    ///
    /// - Returns: `nil` if it is none of the service's, but of another bucket or another prefix.
    func key(of event: BlobEvent) -> BlobKey? {
        if event.source.utf8.elementsEqual(Self.ownSource.utf8) { return event.key }
        guard let bucket, event.source.utf8.elementsEqual(bucket.utf8),
            event.key.text.utf8.starts(with: keyPrefix.utf8)
        else { return nil }
        let rest = event.key.text.utf8.dropFirst(keyPrefix.utf8.count)
        return try? BlobKey(String(decoding: rest, as: UTF8.self))
    }
}
