/// What the signature of a presigned request binds, beyond operation and key.
///
/// What is bound must be sent exactly so, or the store refuses the request. An option that says
/// nothing about the operation is an error, so that nobody takes for bound what is not.
public struct PresignOptions: Sendable, Hashable {
    /// The headers that describe the content of a `put`; what is `nil` is left to the client.
    public var headers: ContentHeaders
    /// The user's own pairs of a `put`.
    public var metadata: BlobMetadata
    /// How many bytes the body of a `put` or of a part has, exactly.
    public var byteCount: Int64?
    /// The checksum of the body of a `put` or of a part: no other bytes are taken.
    public var checksum: Checksum?
    /// What must be true of the key when a `put` arrives, or a `delete`, which knows `ifMatches`
    /// alone.
    public var condition: WriteCondition
    /// What the answer to a `get` or `head` says of the content, in place of what the store keeps.
    public var responseHeaders: ResponseHeaders
    /// The version that a `get`, `head` or `delete` is about; `nil` is the latest.
    public var versionID: String?

    /// Creates options; without any, nothing is bound but operation and key.
    public init(
        headers: ContentHeaders = ContentHeaders(),
        metadata: BlobMetadata = BlobMetadata(),
        byteCount: Int64? = nil,
        checksum: Checksum? = nil,
        condition: WriteCondition = .none,
        responseHeaders: ResponseHeaders = ResponseHeaders(),
        versionID: String? = nil
    ) {
        self.headers = headers
        self.metadata = metadata
        self.byteCount = byteCount
        self.checksum = checksum
        self.condition = condition
        self.responseHeaders = responseHeaders
        self.versionID = versionID
    }

    /// Whether nothing is set.
    package var isEmpty: Bool {
        byteCount == nil && checksum == nil && versionID == nil && metadata.isEmpty
            && headers.isEmpty && responseHeaders.isEmpty && condition.isNone
    }

    /// Throws unless every option that is set makes sense for the operation.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(for operation: PresignedOperation, key: BlobKey) throws {
        try headers.validate(operation: Self.operation, key: key)
        try metadata.validate(operation: Self.operation, key: key)
        try responseHeaders.validate(key: key)
        if let name = misplaced(in: operation) {
            throw Self.invalid("\(name) says nothing about a presigned \(operation.name)", key)
        }
        if let byteCount, byteCount < 0 {
            throw Self.invalid("the byte count is \(byteCount); it is 0 or more", key)
        }
        if let versionID, versionID.isEmpty {
            throw Self.invalid("the version id is empty; leave it out for the latest", key)
        }
        if case .ifMatches(let etag) = condition {
            let isHeaderText = etag.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isHeaderText, !etag.text.isEmpty else {
                throw Self.invalid("the condition's etag is empty, or no text for a header", key)
            }
        }
        if case .uploadPart(let number, let uploadID) = operation {
            guard number >= 1 else {
                throw Self.invalid("the part's number is \(number); parts count from 1", key)
            }
            guard !uploadID.isEmpty else { throw Self.invalid("the upload's id is empty", key) }
        }
    }

    /// The first option that is set and has no place in the operation.
    private func misplaced(in operation: PresignedOperation) -> String? {
        let (isPut, isBody, isRead, hasVersion, isDelete) =
            switch operation {
            case .put: (true, true, false, false, false)
            case .uploadPart: (false, true, false, false, false)
            case .get, .head: (false, false, true, true, false)
            case .delete: (false, false, false, true, true)
            }
        if !isPut, !headers.isEmpty { return "a content header" }
        if !isPut, !metadata.isEmpty { return "metadata" }
        if !isBody, byteCount != nil { return "a byte count" }
        if !isBody, checksum != nil { return "a checksum" }
        if !isRead, !responseHeaders.isEmpty { return "a header of the response" }
        if !hasVersion, versionID != nil { return "a version id" }
        switch condition {
        case .none: return nil
        case .ifAbsent: return isPut ? nil : "the condition ifAbsent"
        case .ifMatches: return isPut || isDelete ? nil : "the condition ifMatches"
        }
    }

    package static let operation = "presign"

    package static func invalid(_ message: String, _ key: BlobKey) -> BlobError {
        BlobError(.invalidArgument, operation: operation, key: key, message: message)
    }
}

extension ContentHeaders {
    /// Whether none is set.
    package var isEmpty: Bool { fields.isEmpty }
}

extension WriteCondition {
    /// Whether there is no condition.
    package var isNone: Bool {
        if case .none = self { true } else { false }
    }
}
