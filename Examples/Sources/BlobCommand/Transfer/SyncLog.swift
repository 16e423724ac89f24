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
        /// Deletions that were begun: a batch or two, as the sync makes them.
        var deletions: [BlobKey: ListedBlob] = [:]
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

    /// What is done to the destination comes here.
    var observer: BlobObserver {
        BlobObserver(followsBodies: false) { [self] operation in
            { end in
                guard case .succeeded = end.outcome else { return }
                switch operation {
                case .put(let key, _): self.copied(key, byteCount: end.byteCount ?? 0)
                case .bulkDelete(let keys): self.deleted(keys)
                default: break
                }
            }
        }
    }

    /// The sync begins something, which a dry run does not do.
    func began(_ action: SyncAction) {
        state.withLock { state in
            switch action {
            case .copy(let blob) where isDryRun:
                let change = Change(action: "copy", key: blob.key, byteCount: blob.byteCount)
                state.waiting.append(change)
            case .delete(let blob) where isDryRun:
                let change = Change(action: "delete", key: blob.key, byteCount: blob.byteCount)
                state.waiting.append(change)
            case .delete(let blob): state.deletions[blob.key] = blob
            case .copy: break
            }
        }
        wakeUp.yield()
    }

    private func copied(_ key: BlobKey, byteCount: Int64) {
        state.withLock { state in
            state.copied.blobCount += 1
            state.copied.byteCount += byteCount
            state.waiting.append(Change(action: "copy", key: key, byteCount: byteCount))
        }
        wakeUp.yield()
    }

    private func deleted(_ keys: [BlobKey]) {
        state.withLock { state in
            for key in keys {
                guard let blob = state.deletions.removeValue(forKey: key) else { continue }
                state.deleted.blobCount += 1
                state.deleted.byteCount += blob.byteCount
                let change = Change(action: "delete", key: key, byteCount: blob.byteCount)
                state.waiting.append(change)
            }
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
