/// What a `get` may vary.
public struct GetOptions: Sendable, Hashable {
    /// What must be true of the blob for it to be read.
    public var conditions: ReadConditions
    /// Whether a body that is read whole is compared with the checksum that the store keeps.
    ///
    /// A mismatch is thrown, as `integrityFailure`, in place of the body's end.
    public var verifiesChecksum: Bool

    /// Creates options.
    public init(conditions: ReadConditions = ReadConditions(), verifiesChecksum: Bool = true) {
        self.conditions = conditions
        self.verifiesChecksum = verifiesChecksum
    }
}

/// What a `head` may vary.
public struct HeadOptions: Sendable, Hashable {
    /// What must be true of the blob for its attributes to be read.
    public var conditions: ReadConditions

    /// Creates options.
    public init(conditions: ReadConditions = ReadConditions()) {
        self.conditions = conditions
    }
}
