/// What an upload by a presigned form must fulfil.
public struct UploadFormConditions: Sendable, Hashable {
    /// Which keys the form can write.
    public enum KeyRule: Sendable, Hashable {
        /// The key given, and no other.
        case exact
        /// Every key that begins with the one given.
        ///
        /// The form's `key` field ends with `${filename}`, for which the store puts the name of the
        /// file; the client may set another one.
        case prefix
    }

    /// Which media types an upload may have.
    public enum ContentTypeRule: Sendable, Hashable {
        /// None: the client sends no field `Content-Type`, and the store keeps its own default.
        case unspecified
        /// This one; the form has it.
        case exact(String)
        /// One that begins so, such as `image/`; the client adds the field `Content-Type`.
        case prefix(String)
    }

    /// What the browser gets after an upload.
    public enum SuccessResponse: Sendable, Hashable {
        /// The status 204, without a body.
        case noContent
        /// The status 200, without a body.
        case ok
        /// The status 201, and an XML document with key and etag.
        case created
        /// The status 303, and this URL, with bucket, key and etag as its query.
        case redirect(String)
    }

    /// Which keys the form can write.
    public var key: KeyRule
    /// The least and the most bytes of the file.
    public var byteCounts: ClosedRange<Int64>
    /// Which media types an upload may have.
    public var contentType: ContentTypeRule
    /// The user's own pairs; the form has them.
    public var metadata: BlobMetadata
    /// The checksum that the file must have; the form has it.
    public var checksum: Checksum?
    /// What the browser gets after the upload.
    public var success: SuccessResponse

    /// A byte to 5 GiB, the most that one request can write on S3.
    public static let defaultByteCounts: ClosedRange<Int64> = 1...(5 << 30)

    /// Creates conditions.
    public init(
        key: KeyRule = .exact,
        byteCounts: ClosedRange<Int64> = UploadFormConditions.defaultByteCounts,
        contentType: ContentTypeRule = .unspecified,
        metadata: BlobMetadata = BlobMetadata(),
        checksum: Checksum? = nil,
        success: SuccessResponse = .noContent
    ) {
        self.key = key
        self.byteCounts = byteCounts
        self.contentType = contentType
        self.metadata = metadata
        self.checksum = checksum
        self.success = success
    }

    /// The text for which a store puts the name of the file.
    package static let fileNameMark = "${filename}"

    /// Throws unless the conditions can be kept.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(key name: BlobKey) throws {
        try metadata.validate(operation: PresignOptions.operation, key: name)
        guard byteCounts.lowerBound >= 0 else {
            throw PresignOptions.invalid("the least byte count is below 0", name)
        }
        if UTF8Order.firstRange(of: Self.fileNameMark, in: name.text, from: 0) != nil {
            throw PresignOptions.invalid(
                "the key holds ${filename}, for which a store puts the file's name; "
                    + "a form can't have it",
                name
            )
        }
        if name.text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            throw PresignOptions.invalid(
                "the key has a line break or NUL, which browsers change in a form",
                name
            )
        }
        let longest = BlobKey.maximumByteCount - Self.fileNameMark.utf8.count
        if key == .prefix, name.text.utf8.count > longest {
            throw PresignOptions.invalid(
                "the key's prefix has \(name.text.utf8.count) bytes; it has at most \(longest), so "
                    + "that there is room for a name",
                name
            )
        }
        switch contentType {
        case .unspecified: break
        case .exact(let type), .prefix(let type):
            let headers = ContentHeaders(contentType: type)
            try headers.validate(operation: PresignOptions.operation, key: name)
        }
        if case .redirect(let url) = success {
            let isURL =
                (UTF8Order.hasPrefix(url, "https://") || UTF8Order.hasPrefix(url, "http://"))
                && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isURL else {
                throw PresignOptions.invalid("the redirect is no http or https URL", name)
            }
        }
    }

    /// What these conditions leave open.
    package var notEnforced: Set<UnenforcedProperty> {
        var open: Set<UnenforcedProperty> = [.useCount, .overwriting]
        if checksum == nil { open.insert(.content) }
        if key == .prefix { open.insert(.keySuffix) }
        if case .prefix = contentType { open.insert(.contentType) }
        return open
    }
}
