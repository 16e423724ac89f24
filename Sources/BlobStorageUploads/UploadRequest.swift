public import BlobStorage

/// What a client says of the document that it wants to upload; nothing of it is trusted.
///
/// As JSON, in which all fields may be left out:
///
///     {
///       "fileName": "cat.jpg", "contentType": "image/jpeg", "byteCount": 48213,
///       "checksum": "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
///       "attributes": { "album": "cats" }
///     }
public struct UploadRequest: Sendable {
    /// The media type of bytes that a client knows nothing about.
    public static let unknownContentType = "application/octet-stream"

    /// The name of the file, for people; only its extension becomes a part of the key.
    public var fileName: String?
    /// The media type; an empty one, as browsers have it for files they don't know, counts as
    /// ``unknownContentType``.
    public var contentType: String
    /// How many bytes the document has; `nil` if the client can't tell, which makes it a form.
    public var byteCount: Int64?
    /// The checksum of all bytes: no other bytes are taken.
    public var checksum: Checksum?
    /// The application's own pairs, kept in the record: at most 992, of 252 KiB together.
    ///
    /// A service that hands on what a client sent lets clients choose them. Names that begin with
    /// `upload:` are the service's own.
    public var attributes: DocumentAttributes

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - fileName: The name of the file.
    ///   - contentType: The media type.
    ///   - byteCount: How many bytes the document has.
    ///   - checksum: The checksum of all bytes.
    ///   - attributes: The application's own pairs.
    public init(
        fileName: String? = nil,
        contentType: String = UploadRequest.unknownContentType,
        byteCount: Int64? = nil,
        checksum: Checksum? = nil,
        attributes: DocumentAttributes = DocumentAttributes()
    ) {
        self.fileName = fileName
        self.contentType = contentType
        self.byteCount = byteCount
        self.checksum = checksum
        self.attributes = attributes
    }
}

extension UploadRequest: Hashable {
    /// Compares texts byte by byte.
    public static func == (a: Self, b: Self) -> Bool {
        a.fileName.map { Array($0.utf8) } == b.fileName.map { Array($0.utf8) }
            && UTF8Order.equal(a.contentType, b.contentType)
            && a.byteCount == b.byteCount && a.checksum == b.checksum
            && a.attributes == b.attributes
    }

    /// Hashes what tells most requests apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(fileName.map { Array($0.utf8) })
        hasher.combine(byteCount)
        hasher.combine(checksum)
    }
}

extension UploadRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case fileName
        case contentType
        case byteCount
        case checksum
        case attributes
    }

    /// Reads a request.
    ///
    /// - Throws: `DecodingError`, for a checksum too that is not `algorithm:base64`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let type = try values.decodeIfPresent(String.self, forKey: .contentType)
        let pairs = try values.decodeIfPresent([String: String].self, forKey: .attributes)
        var checksum: Checksum?
        if let text = try values.decodeIfPresent(String.self, forKey: .checksum) {
            guard let parsed = Checksum(description: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .checksum,
                    in: values,
                    debugDescription: "a checksum is its algorithm, a colon and base64"
                )
            }
            checksum = parsed
        }
        self.init(
            fileName: try values.decodeIfPresent(String.self, forKey: .fileName),
            contentType: type ?? Self.unknownContentType,
            byteCount: try values.decodeIfPresent(Int64.self, forKey: .byteCount),
            checksum: checksum,
            attributes: DocumentAttributes(pairs ?? [:])
        )
    }

    /// Writes a request; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(fileName, forKey: .fileName)
        try values.encode(contentType, forKey: .contentType)
        try values.encodeIfPresent(byteCount, forKey: .byteCount)
        try values.encodeIfPresent(checksum?.description, forKey: .checksum)
        if !attributes.isEmpty { try values.encode(attributes.dictionary, forKey: .attributes) }
    }
}
