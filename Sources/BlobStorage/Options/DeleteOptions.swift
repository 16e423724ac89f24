/// What a `delete` may vary.
public struct DeleteOptions: Sendable, Hashable {
    /// The version that must be there for the blob to be deleted; `nil` deletes whatever is there,
    /// and succeeds where nothing is.
    public var ifMatches: ETag?

    /// Creates options.
    public init(ifMatches: ETag? = nil) {
        self.ifMatches = ifMatches
    }

    /// The condition as a write has it.
    public var condition: WriteCondition {
        ifMatches.map { .ifMatches($0) } ?? .none
    }
}
