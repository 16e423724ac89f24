import BlobStorage
import Synchronization

/// What a sync has done, as it is told from the tasks that do it, until it is shown.
final class SyncLog: Sendable {
    /// Something that was done or, in a dry run, would be.
    struct Change: Sendable {
        /// `copy` or `delete`.
        let action: String
        let key: BlobKey
        let byteCount: Int64
    }

    private struct State {
        var waiting: [Change] = []
        var copied = SyncReport.Tally()
        var deleted = SyncReport.Tally()
        var report: SyncReport?
    }

    private let state = Mutex(State())
    private let wakeUp: AsyncStream<Void>.Continuation
    private let isDryRun: Bool
    /// Gives an element when there is something new; many news may be one element.
    let news: AsyncStream<Void>

    init(isDryRun: Bool) {
        self.isDryRun = isDryRun
        (news, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What is written to the destination comes here.
    var observer: BlobObserver {
        BlobObserver(followsBodies: false) { [self] operation in
            { end in
                guard case .succeeded = end.outcome, case .put(let key, _) = operation else {
                    return
                }
                self.copied(key, byteCount: end.byteCount ?? 0)
            }
        }
    }

    /// The sync begins something, which a dry run does not do.
    func began(_ action: SyncAction) {
        guard isDryRun else { return }
        let change =
            switch action {
            case .copy(let blob):
                Change(action: "copy", key: blob.key, byteCount: blob.byteCount)
            case .delete(let blob):
                Change(action: "delete", key: blob.key, byteCount: blob.byteCount)
            }
        state.withLock { $0.waiting.append(change) }
        wakeUp.yield()
    }

    private func copied(_ key: BlobKey, byteCount: Int64) {
        state.withLock { state in
            state.copied.add(byteCount)
            state.waiting.append(Change(action: "copy", key: key, byteCount: byteCount))
        }
        wakeUp.yield()
    }

    /// A blob of the destination is gone.
    func deleted(_ blob: ListedBlob) {
        let change = Change(action: "delete", key: blob.key, byteCount: blob.byteCount)
        state.withLock { state in
            state.deleted.add(blob.byteCount)
            state.waiting.append(change)
        }
        wakeUp.yield()
    }

    /// A report came.
    func took(_ report: SyncReport) {
        state.withLock { $0.report = report }
        wakeUp.yield()
    }

    /// There will be no more.
    func finish() { wakeUp.finish() }

    /// Takes what was not shown yet.
    func take() -> (changes: [Change], report: SyncReport?) {
        state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.report)
        }
    }

    /// The counts of a run that was cut off: of changes exactly, of the rest by the last report.
    func counts() -> SyncCounts {
        state.withLock { state in
            SyncCounts(
                copied: state.copied,
                skipped: state.report?.skipped ?? SyncReport.Tally(),
                deleted: state.deleted,
                failed: state.report?.failed ?? SyncReport.Tally()
            )
        }
    }
}

/// What a sync has come to.
struct SyncCounts {
    let copied: SyncReport.Tally
    let skipped: SyncReport.Tally
    let deleted: SyncReport.Tally
    let failed: SyncReport.Tally
}

extension SyncCounts {
    init(_ report: SyncReport) {
        self.init(
            copied: report.copied,
            skipped: report.skipped,
            deleted: report.deleted,
            failed: report.failed
        )
    }
}
