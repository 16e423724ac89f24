/// What a `put` may vary.
public struct PutOptions: Sendable, Hashable {
    /// The headers that describe the content.
    public var headers: ContentHeaders
    /// The user's own pairs.
    public var metadata: BlobMetadata
    /// What must be true of the key for the blob to be written.
    public var condition: WriteCondition
    /// The checksum to compute or to check; `nil` leaves it to the store.
    public var checksum: PutChecksum?
    /// The blob's tags; a store that keeps none throws `unsupported` for any.
    public var tags: BlobTags

    /// Creates options.
    public init(
        headers: ContentHeaders = ContentHeaders(),
        metadata: BlobMetadata = BlobMetadata(),
        condition: WriteCondition = .none,
        checksum: PutChecksum? = nil,
        tags: BlobTags = BlobTags()
    ) {
        self.headers = headers
        self.metadata = metadata
        self.condition = condition
        self.checksum = checksum
        self.tags = tags
    }

    /// Throws unless every store could keep headers and metadata unchanged.
    ///
    /// A store calls it before it takes the first byte of the body.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(operation: String, key: BlobKey) throws {
        try headers.validate(operation: operation, key: key)
        try metadata.validate(operation: operation, key: key)
    }
}

/// The checksum that goes with a write.
public enum PutChecksum: Sendable, Hashable {
    /// The store computes it from the bytes that it takes in, and keeps it.
    case compute(ChecksumAlgorithm)

    /// The bytes must have this checksum, else the error is `integrityFailure` and nothing is
    /// kept; the store keeps it.
    case expect(Checksum)

    /// How the checksum is computed.
    public var algorithm: ChecksumAlgorithm {
        switch self {
        case .compute(let algorithm): algorithm
        case .expect(let checksum): checksum.algorithm
        }
    }

    /// Compares what was computed with what was expected.
    ///
    /// - Throws: ``BlobError`` of kind `integrityFailure` if they differ.
    public func check(_ computed: Checksum, operation: String, key: BlobKey) throws {
        guard case .expect(let expected) = self, computed != expected else { return }
        let message = "the bytes have checksum \(computed), not \(expected)"
        throw BlobError(.integrityFailure, operation: operation, key: key, message: message)
    }
}
