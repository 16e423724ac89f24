public import Foundation

/// Something that happened to a blob, told afterwards.
///
/// The same on every store: S3's own notifications are decoded to it, and an ``EventedStore`` makes
/// it for a store that has none. Events may come twice, late and in another order than they happened
/// in; a ``BlobEventProcessor`` puts that right, for each key.
public struct BlobEvent: Sendable {
    /// What kind of thing happened.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A blob was written: put, uploaded by a form or in parts, or copied to the key.
        case created
        /// A blob was deleted, or hidden by a mark of deletion. On a bucket with versions it may have
        /// been a single one of them, which ``BlobEvent/versionID`` then names.
        case deleted
        /// A blob's tags were replaced or removed.
        case tagsChanged
        /// Something else, such as a change of rights; ``BlobEvent/name`` says what.
        case other
    }

    /// What kind of thing happened, to act on.
    public var kind: Kind
    /// The store's own name for it, such as `ObjectCreated:Put`.
    public var name: String
    /// The store that it happened in: the bucket's name, or the one given to an ``EventedStore``.
    public var source: String
    /// The blob's key.
    public var key: BlobKey
    /// The blob's size in bytes, where the store tells it.
    public var byteCount: Int64?
    /// The mark of the version, quotes included, the same that `head` gives.
    public var etag: ETag?
    /// The name of the version in a bucket that keeps versions.
    public var versionID: String?
    /// When it happened, in whole milliseconds; not to be ordered by.
    public var time: Date
    /// Where the event stands among those of its key; `nil` where the store has no order of them.
    public var sequencer: BlobEventSequencer?

    /// Creates an event from its parts.
    public init(
        _ kind: Kind,
        name: String,
        source: String,
        key: BlobKey,
        byteCount: Int64? = nil,
        etag: ETag? = nil,
        versionID: String? = nil,
        time: Date,
        sequencer: BlobEventSequencer? = nil
    ) {
        self.kind = kind
        self.name = name
        self.source = source
        self.key = key
        self.byteCount = byteCount
        self.etag = etag
        self.versionID = versionID
        self.time = time.inWholeMilliseconds
        self.sequencer = sequencer
    }
}

extension BlobEvent: Hashable {
    /// Compares every field; texts by their bytes.
    public static func == (a: Self, b: Self) -> Bool {
        a.kind == b.kind && UTF8Order.equal(a.name, b.name) && UTF8Order.equal(a.source, b.source)
            && a.key == b.key && a.byteCount == b.byteCount && a.etag == b.etag
            && a.versionID.map { Array($0.utf8) } == b.versionID.map { Array($0.utf8) }
            && a.time == b.time && a.sequencer == b.sequencer
    }

    /// Hashes the key and the sequencer, which tell most events apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(sequencer)
    }
}

extension BlobEvent: CustomStringConvertible {
    /// Name, source, key and sequencer in one line, fit for a log.
    public var description: String {
        let place = "\(EscapedText(source))/\(EscapedText(key.text))"
        let order = sequencer.map { " (\($0))" } ?? ""
        return "\(EscapedText(name)) \"\(place)\"\(order)"
    }
}
