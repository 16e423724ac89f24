/// What a sweep may vary.
public struct SweepOptions: Sendable, Hashable {
    /// Whether the sweep only tells what it would do.
    public var isDryRun: Bool
    /// Whether the store is listed too, for blobs and multipart uploads that no record knows of.
    ///
    /// The listing costs a request for each 1,000 blobs. A sweep of the records alone costs what is
    /// pending and deleted, so it can run every few seconds, and one with the store every day.
    public var includesStore: Bool
    /// How old a multipart upload that no record names must be to be dropped: longer than it takes
    /// from its beginning to its record.
    public var multipartGrace: Duration

    /// Creates options.
    ///
    /// - Parameters:
    ///   - isDryRun: Whether the sweep only tells what it would do.
    ///   - includesStore: Whether the store is listed too.
    ///   - multipartGrace: How old a multipart upload must be that no record names.
    public init(
        isDryRun: Bool = false,
        includesStore: Bool = true,
        multipartGrace: Duration = .seconds(3_600)
    ) {
        self.isDryRun = isDryRun
        self.includesStore = includesStore
        self.multipartGrace = multipartGrace
    }
}
