/// Copies what a new store lacks from an old one, while an application uses both as a
/// ``MigratingStore``.
///
/// What the new store has is left as it is, however old: it is what counts. A copy has the headers,
/// the metadata and the tags of its original, and is proved by a checksum; where the new store keeps
/// none, it is read again. A blob that is written meanwhile stays as written, and one that is deleted
/// stays deleted.
///
/// It is a sequence of reports, each the newest there is, the last one of the whole run. The work
/// begins with the first report asked for:
///
///     for try await report in store.backfill() {
///         print(report.done.blobCount, "of", report.total.blobCount)
///     }
///
/// Cancelling the task ends the work before the loop throws; leaving the loop cancels it too. Another
/// run skips what is there, at the cost of the two listings; one that starts after the
/// ``SyncReport/marker`` of the last run does not even list it. A blob that fails is told in the
/// report, and tried again by another run.
///
/// Memory does not grow with the size or the number of blobs.
public struct Backfill: AsyncSequence, Sendable {
    /// Reads the reports of one run.
    public typealias AsyncIterator = BlobSync.AsyncIterator

    private let sync: BlobSync

    /// Creates a backfill, and does nothing yet.
    ///
    /// Made by ``MigratingStore/backfill(options:)``, it knows of that store's deletes too: they end
    /// the copy of a blob that is deleted. Made here, as in a process of its own, it takes such a
    /// copy back when it is done, so that the blob may be there again for a moment.
    ///
    /// - Parameters:
    ///   - old: The store that is left.
    ///   - new: The store that is moved to; it must claim `putIfAbsent`.
    ///   - options: What may vary.
    ///   - clock: Tells how long it takes.
    ///   - onAction: Told of each copy before it happens or, in a dry run, does not; about in the order
    ///     of keys.
    public init(
        from old: any BlobStore,
        into new: any BlobStore,
        options: BackfillOptions = BackfillOptions(),
        clock: any Clock<Duration> = ContinuousClock(),
        onAction: @escaping @Sendable (SyncAction) -> Void = { _ in }
    ) {
        self.init(Relocation(from: old, to: new), options, clock: clock, onAction: onAction)
    }

    init(
        _ relocation: Relocation,
        _ options: BackfillOptions,
        clock: any Clock<Duration> = ContinuousClock(),
        onAction: @escaping @Sendable (SyncAction) -> Void = { _ in }
    ) {
        var sync = BlobSync(
            from: relocation.old,
            into: relocation.new,
            options: SyncOptions(
                isDryRun: options.isDryRun,
                stopsAtFirstFailure: options.stopsAtFirstFailure,
                concurrency: options.concurrency,
                reportInterval: options.reportInterval
            ),
            clock: clock,
            onAction: onAction
        )
        sync.filling = BlobSync.Filling(relocation: relocation, startAfter: options.startAfter)
        self.sync = sync
    }

    /// Runs to the end.
    ///
    /// - Returns: The report of the whole run. Blobs that could not be copied are told there.
    /// - Throws: ``BlobError`` of kind `unsupported` if the new store can't be filled safely; if a
    ///   store can't be listed, is not there, does not know the caller or is full; the first failure,
    ///   if ``BackfillOptions/stopsAtFirstFailure``; of kind `invalidArgument` if the stores overlap.
    @discardableResult
    public func run() async throws -> SyncReport {
        try await sync.run()
    }

    /// Begins a run of its own.
    public func makeAsyncIterator() -> AsyncIterator {
        sync.makeAsyncIterator()
    }
}
