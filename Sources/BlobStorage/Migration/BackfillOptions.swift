/// What a ``Backfill`` may vary.
public struct BackfillOptions: Sendable {
    /// Where to go on: the ``SyncReport/marker`` of a run that was ended early.
    ///
    /// Keys up to it are not looked at.
    public var startAfter: String?
    /// Whether nothing is written; the report tells what would have been.
    public var isDryRun: Bool
    /// Whether the first failure of a single blob is thrown, and ends the run.
    public var stopsAtFirstFailure: Bool
    /// The most blobs that are worked on at a time: 1 to 1,000.
    public var concurrency: Int
    /// The least time between two reports.
    public var reportInterval: Duration

    /// Creates options.
    public init(
        startAfter: String? = nil,
        isDryRun: Bool = false,
        stopsAtFirstFailure: Bool = false,
        concurrency: Int = 8,
        reportInterval: Duration = .milliseconds(100)
    ) {
        self.startAfter = startAfter
        self.isDryRun = isDryRun
        self.stopsAtFirstFailure = stopsAtFirstFailure
        self.concurrency = concurrency
        self.reportInterval = reportInterval
    }
}
