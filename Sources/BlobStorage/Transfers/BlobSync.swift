/// Makes one store hold what another one holds.
///
/// Both listings are walked side by side, so memory does not grow with the number of blobs; what
/// is current is skipped, so a run that was ended early is resumed by another run. Every copy has
/// the headers and metadata of its original and is proved by a checksum.
///
///     let report = try await photos.sync(into: archive)
///
/// A sync is also a sequence of reports, each the newest there is, the last one of the whole run.
/// The work begins with the first report asked for, and goes on whether reports are read or not:
///
///     for try await report in BlobSync(from: photos, into: archive) {
///         print(report.done.blobCount, "of", report.total.blobCount)
///     }
///
/// Cancelling the task ends the work before the loop throws; leaving the loop cancels it too. A
/// copy under way is then dropped, and what was there before stays. To copy only a part of a
/// store, or into a part, give a ``PrefixedStore``.
public struct BlobSync: AsyncSequence, Sendable {
    /// Where blobs are read.
    public let source: any BlobStore
    /// Where they are written.
    public let destination: any BlobStore
    /// What may vary.
    public let options: SyncOptions
    let clock: any Clock<Duration>
    let onAction: @Sendable (SyncAction) -> Void
    let onDeletion: @Sendable (ListedBlob) -> Void
    /// What moves blobs that the destination lacks, if that is all there is to do.
    var filling: Filling?

    /// What a ``Backfill`` does otherwise than a sync.
    struct Filling: Sendable {
        let relocation: Relocation
        let startAfter: String?
    }

    /// Creates a sync, and does nothing yet.
    ///
    /// - Parameters:
    ///   - source: Where blobs are read.
    ///   - destination: Where they are written.
    ///   - options: What may vary.
    ///   - clock: Tells how long it takes.
    ///   - onAction: Told of each action before it happens or, in a dry run, does not; about in the
    ///     order of keys.
    ///   - onDeletion: Told of each blob that was deleted, also where others of its batch could not
    ///     be; never in a dry run.
    public init(
        from source: any BlobStore,
        into destination: any BlobStore,
        options: SyncOptions = SyncOptions(),
        clock: any Clock<Duration> = ContinuousClock(),
        onAction: @escaping @Sendable (SyncAction) -> Void = { _ in },
        onDeletion: @escaping @Sendable (ListedBlob) -> Void = { _ in }
    ) {
        self.source = source
        self.destination = destination
        self.options = options
        self.clock = clock
        self.onAction = onAction
        self.onDeletion = onDeletion
    }

    /// Runs to the end.
    ///
    /// - Returns: The report of the whole run. Blobs that could not be copied or deleted are told
    ///   there.
    /// - Throws: ``BlobError`` if a store can't be listed, is not there, does not know the caller or is
    ///   full; the first failure, if ``SyncOptions/stopsAtFirstFailure``; of kind `invalidArgument` if source and
    ///   destination overlap in one store.
    @discardableResult
    public func run() async throws -> SyncReport {
        try await SyncRun(self).perform(countsAhead: false)
    }

    /// Reads the reports of one run.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let reading: SyncReading

        fileprivate init(_ reading: SyncReading) {
            self.reading = reading
        }

        /// The newest report, when there is one that was not read yet; `nil` after the last.
        ///
        /// - Throws: What ``BlobSync/run()`` throws; `CancellationError`.
        public mutating func next() async throws -> SyncReport? {
            try await reading.next()
        }
    }

    /// Begins a run of its own.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(SyncReading(self))
    }
}

/// An iterator belongs to the one task that reads.
@available(*, unavailable)
extension BlobSync.AsyncIterator: Sendable {}

/// Owns the task of a run whose reports are read, and cancels it when nobody reads any more.
private final class SyncReading {
    private let sync: BlobSync
    private var run: (meter: SyncMeter, task: Task<SyncReport, any Error>)?
    private var isOver = false

    init(_ sync: BlobSync) {
        self.sync = sync
    }

    deinit {
        run?.task.cancel()
    }

    func next() async throws -> SyncReport? {
        guard !isOver else { return nil }
        let (meter, task) = run ?? start()
        return try await withTaskCancellationHandler {
            if let report = await meter.next() { return report }
            isOver = true
            return try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func start() -> (meter: SyncMeter, task: Task<SyncReport, any Error>) {
        let run = SyncRun(sync)
        let task = Task {
            defer { run.meter.close() }
            return try await run.perform(countsAhead: true)
        }
        self.run = (run.meter, task)
        return (run.meter, task)
    }
}
