/// Keeps the report of a running sync, and hands its newest state to one reader.
///
/// A reader that is slow finds only the newest report: there is one slot for it, and no queue.
final class SyncMeter: Sendable {
    /// What becomes of a blob of the source.
    enum Ending {
        case copied
        case skipped
        case failed
    }

    private struct State {
        var report = SyncReport()
        var marker: SyncMarker?
        var counted = SyncReport.Tally()
        var hasCountedAll = false
        var rate = SyncRate()
        var lastPublished: Duration?
        var news: SyncReport?
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state: Locked<State>
    private let stopwatch: Stopwatch
    private let interval: Duration

    init(clock: any Clock<Duration>, interval: Duration, marker: SyncMarker? = nil) {
        state = Locked(State(marker: marker))
        stopwatch = Stopwatch(clock)
        self.interval = interval
    }

    // MARK: What happens

    /// The source's listing gave a blob.
    func found(_ blob: ListedBlob) {
        change { state in
            state.report.total.add(blob.byteCount)
            state.marker?.found(blob.key)
        }
    }

    /// The source's listing has come to its end.
    func foundAll() {
        change { $0.report.isTotalKnown = true }
    }

    /// The listing that runs ahead, only to count, gave a page.
    ///
    /// - Returns: Whether the count is still of use.
    func counted(_ page: BlobPage) -> Bool {
        change { state in
            for blob in page.blobs { state.counted.add(blob.byteCount) }
            state.hasCountedAll = page.continuationToken == nil
            return !state.report.isTotalKnown
        }
    }

    /// Bytes of a blob passed; `done` of them are among those that the listing told of.
    func transferred(_ byteCount: Int64, done: Int64) {
        change { state in
            state.report.transferredByteCount =
                state.report.transferredByteCount.addingWithinBounds(byteCount)
            state.report.done.add(done, blobCount: 0)
        }
    }

    /// A blob of the source is dealt with; `rest` of its bytes had not passed.
    func ended(
        _ key: BlobKey,
        _ ending: Ending,
        byteCount: Int64,
        rest: Int64
    ) {
        change { state in
            switch ending {
            case .copied: state.report.copied.add(byteCount)
            case .skipped: state.report.skipped.add(byteCount)
            case .failed: state.report.failed.add(byteCount)
            }
            state.report.done.add(rest)
            state.marker?.ended(key, isFailure: ending == .failed)
        }
    }

    func deleted(_ blob: ListedBlob) {
        change { $0.report.deleted.add(blob.byteCount) }
    }

    /// A blob could not be deleted.
    func failedToDelete(_ blob: ListedBlob, _ error: any Error) {
        change { $0.report.failed.add(blob.byteCount) }
        failed(blob.key, error)
    }

    /// Keeps an error, if there is room.
    func failed(_ key: BlobKey, _ error: any Error) {
        change { state in
            guard state.report.failures.count < SyncReport.failureLimit else { return }
            state.report.failures.append(SyncReport.Failure(key: key, error: error))
        }
    }

    // MARK: What is read

    /// The report of a run that has done everything.
    func finished() -> SyncReport {
        let elapsed = stopwatch.elapsed()
        return state.withLock { state in
            state.report.isFinished = true
            return Self.report(&state, at: elapsed)
        }
    }

    /// Wakes the reader: there will be no more news.
    func close() {
        let waiter = state.withLock { state in
            state.isOver = true
            state.news = nil
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    /// Waits for a report that was not read yet.
    ///
    /// - Returns: The newest one; `nil` when the run is over.
    func next() async -> SyncReport? {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.news == nil, !state.isOver else { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.news = nil }
            return state.news
        }
    }

    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let elapsed = stopwatch.elapsed()
        let (result, waiter) = state.withLock { state in
            let result = body(&state)
            // Other threads may have read the clock later and come here first.
            let isDue = state.lastPublished.map { elapsed - $0 >= interval } ?? true
            guard isDue else { return (result, CheckedContinuation<Void, Never>?.none) }
            state.lastPublished = elapsed
            state.news = Self.report(&state, at: elapsed)
            return (result, state.takeWaiter())
        }
        waiter?.resume()
        return result
    }

    private static func report(_ state: inout State, at elapsed: Duration) -> SyncReport {
        state.report.elapsed = max(elapsed, state.report.elapsed)
        state.report.marker = state.marker?.text
        var report = state.report
        if !report.isTotalKnown {
            report.total.blobCount = max(report.total.blobCount, state.counted.blobCount)
            report.total.byteCount = max(report.total.byteCount, state.counted.byteCount)
            report.isTotalKnown = state.hasCountedAll
        }
        state.rate.measure(&report)
        return report
    }
}
