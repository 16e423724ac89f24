public import Foundation

/// What an application knows of one document: whose it is, where its bytes are, what became of it.
///
/// Times are kept in whole milliseconds; a record rounds those it is given. Texts are kept and
/// compared byte by byte.
public struct DocumentRecord: Sendable {
    /// The record's name.
    public let id: DocumentID
    /// Whose document it is: 1 to 512 bytes.
    public var owner: String
    /// The blob with the document's bytes.
    public var key: BlobKey
    /// The name that the document had where it came from, at most 1,024 bytes; never a path to
    /// trust.
    public var fileName: String?
    /// The media type, at most 256 bytes.
    public var contentType: String?
    /// How many bytes the blob has, or is to have.
    public var byteCount: Int64?
    /// The version of the blob that was confirmed.
    public var etag: ETag?
    /// The checksum of the blob.
    public var checksum: Checksum?
    /// Where the document is between its reservation and its end.
    public var state: DocumentState
    /// When the record was made; it never changes, since queries are ordered by it.
    public let created: Date
    /// When the blob was confirmed.
    public var uploaded: Date? {
        didSet { uploaded = uploaded?.inWholeMilliseconds }
    }
    /// When the reservation, or whatever the application takes it for, is up.
    public var expires: Date? {
        didSet { expires = expires?.inWholeMilliseconds }
    }
    /// Which version of the record it is.
    ///
    /// A store sets it: 1 with `insert`, and one more with each `update`. An update must bring the
    /// version that it is based on.
    public var version: Int64
    /// The application's own pairs.
    public var attributes: DocumentAttributes

    /// Creates a record that no store has yet.
    ///
    /// - Parameters:
    ///   - id: The record's name.
    ///   - owner: Whose document it is.
    ///   - key: The blob with the document's bytes.
    ///   - state: Where the document is.
    ///   - created: When the record is made.
    ///   - fileName: The name that the document had.
    ///   - contentType: The media type.
    ///   - byteCount: How many bytes the blob has.
    ///   - etag: The version of the blob.
    ///   - checksum: The checksum of the blob.
    ///   - uploaded: When the blob was confirmed.
    ///   - expires: When the reservation is up.
    ///   - version: The version of the record; `insert` pays no attention to it.
    ///   - attributes: The application's own pairs.
    public init(
        id: DocumentID,
        owner: String,
        key: BlobKey,
        state: DocumentState = .pending,
        created: Date,
        fileName: String? = nil,
        contentType: String? = nil,
        byteCount: Int64? = nil,
        etag: ETag? = nil,
        checksum: Checksum? = nil,
        uploaded: Date? = nil,
        expires: Date? = nil,
        version: Int64 = 0,
        attributes: DocumentAttributes = DocumentAttributes()
    ) {
        self.id = id
        self.owner = owner
        self.key = key
        self.fileName = fileName
        self.contentType = contentType
        self.byteCount = byteCount
        self.etag = etag
        self.checksum = checksum
        self.state = state
        self.created = created.inWholeMilliseconds
        self.uploaded = uploaded?.inWholeMilliseconds
        self.expires = expires?.inWholeMilliseconds
        self.version = version
        self.attributes = attributes
    }
}

extension DocumentRecord: Hashable {
    /// Compares every field; texts by their bytes.
    public static func == (a: Self, b: Self) -> Bool {
        a.id == b.id && UTF8Order.equal(a.owner, b.owner) && a.key == b.key
            && bytes(a.fileName) == bytes(b.fileName)
            && bytes(a.contentType) == bytes(b.contentType)
            && a.byteCount == b.byteCount && a.etag == b.etag && a.checksum == b.checksum
            && a.state == b.state && a.created == b.created && a.uploaded == b.uploaded
            && a.expires == b.expires && a.version == b.version && a.attributes == b.attributes
    }

    /// Hashes the id and the version, which tell most records apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(version)
    }

    private static func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
}
