/// What a `copy` may vary.
public struct CopyOptions: Sendable, Hashable {
    /// Where the copy's headers and metadata come from.
    public enum AttributeSource: Sendable, Hashable {
        /// From the source.
        case keep
        /// From the caller; nothing of the source's.
        case replace(ContentHeaders, BlobMetadata)
    }

    /// Where the copy's headers and metadata come from.
    public var attributes: AttributeSource
    /// What must be true of the destination for the copy to be written.
    public var condition: WriteCondition
    /// What must be true of the source for it to be copied.
    public var sourceConditions: ReadConditions
    /// The copy's tags; `nil` keeps those of the source, where the store has any.
    public var tags: BlobTags?

    /// Creates options.
    public init(
        attributes: AttributeSource = .keep,
        condition: WriteCondition = .none,
        sourceConditions: ReadConditions = ReadConditions(),
        tags: BlobTags? = nil
    ) {
        self.attributes = attributes
        self.condition = condition
        self.sourceConditions = sourceConditions
        self.tags = tags
    }

    /// Throws unless every store could keep the new headers and metadata unchanged.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(operation: String, key: BlobKey) throws {
        guard case .replace(let headers, let metadata) = attributes else { return }
        try headers.validate(operation: operation, key: key)
        try metadata.validate(operation: operation, key: key)
    }
}
