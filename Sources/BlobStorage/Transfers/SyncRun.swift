/// One run of a ``BlobSync``.
struct SyncRun: Sendable {
    /// The most blobs that are deleted in one call; S3's DeleteObjects takes no more.
    private static let deleteBatchCount = 1_000

    let sync: BlobSync
    let meter: SyncMeter
    private let transfer: BlobTransfer
    /// Whether a failure ended the run; the merge must not wait for it to fill a place first.
    private let hasStopped = Locked(false)

    init(_ sync: BlobSync) {
        self.sync = sync
        let keepsMarker = sync.filling != nil && !sync.options.isDryRun
        meter = SyncMeter(
            clock: sync.clock,
            interval: sync.options.reportInterval,
            marker: keepsMarker ? SyncMarker(startAfter: sync.filling?.startAfter) : nil
        )
        transfer = BlobTransfer(
            from: sync.source,
            into: sync.destination,
            checksum: sync.options.checksum
        )
    }

    private var options: SyncOptions { sync.options }

    /// Does everything; a second listing of the source may find out the totals early.
    @concurrent func perform(countsAhead: Bool) async throws -> SyncReport {
        try await validate()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            if countsAhead {
                group.addTask {
                    await count()
                    return false
                }
            }
            var slots = Slots(free: options.concurrency)
            try await merge { work in
                try await slots.take(from: &group)
                group.addTask {
                    try await work()
                    return true
                }
            }
            for try await _ in group {}
        }
        try Task.checkCancellation()
        return meter.finished()
    }

    private func validate() async throws {
        try options.validate()
        if try await sync.endsOverlap() {
            let message = "the source and the destination overlap in the same store"
            throw BlobError(.invalidArgument, operation: "sync", message: message)
        }
        try sync.filling?.relocation.validate(operation: "backfill")
        let canWrite = sync.destination.capabilities.features.contains(.write)
        guard canWrite || options.isDryRun else {
            let message = "the destination can't be written to"
            throw BlobError(.permissionDenied, operation: "sync", message: message)
        }
    }

    /// Walks over both listings side by side, and hands on what there is to do.
    private func merge(
        _ start: (@escaping @Sendable () async throws -> Void) async throws -> Void
    ) async throws {
        let floor = sync.filling?.startAfter
        var source = try await SyncCursor(sync.source, side: "source", startAfter: floor)
        var destination = try await SyncCursor(
            sync.destination,
            side: "destination",
            startAfter: floor
        )
        var doomed: [ListedBlob] = []
        while !hasStopped.withLock(\.self) {
            try Task.checkCancellation()
            if let old = destination.blob, source.blob.map({ old.key < $0.key }) ?? true {
                if options.deletes { doomed.append(old) }
                try await destination.advance()
                if doomed.count == Self.deleteBatchCount {
                    try await start { [doomed] in try await delete(doomed) }
                    doomed = []
                }
                continue
            }
            guard let blob = source.blob else {
                meter.foundAll()
                if !doomed.isEmpty { try await start { [doomed] in try await delete(doomed) } }
                return
            }
            meter.found(blob)
            let old = destination.blob.flatMap { $0.key == blob.key ? $0 : nil }
            if let old, isCurrent(old, blob) {
                meter.ended(blob.key, .skipped, byteCount: blob.byteCount, rest: blob.byteCount)
            } else {
                try await start { try await update(blob, over: old) }
            }
            if old != nil { try await destination.advance() }
            try await source.advance()
        }
    }

    /// Whether the listings alone show that a blob need not be copied.
    private func isCurrent(_ old: ListedBlob, _ blob: ListedBlob) -> Bool {
        if sync.filling != nil { return true }
        return options.skips == .sizeAndTime && old.byteCount == blob.byteCount
            && old.lastModified >= blob.lastModified
    }

    private func update(_ blob: ListedBlob, over old: ListedBlob?) async throws {
        let progress = SyncProgress(blob, meter)
        do {
            if options.skips == .checksum, let old, old.byteCount == blob.byteCount,
                try await hasSameContent(blob.key)
            {
                progress.end(.skipped, byteCount: blob.byteCount)
                return
            }
            sync.onAction(.copy(blob))
            let copied = options.isDryRun ? blob.byteCount : try await copy(blob, progress)
            progress.end(copied == nil ? .skipped : .copied, byteCount: copied ?? blob.byteCount)
        } catch {
            progress.end(.failed, byteCount: blob.byteCount)
            meter.failed(blob.key, error)
            try stopIfNeeded(error)
        }
    }

    /// - Returns: The bytes that were copied; `nil` if there is nothing to copy after all.
    private func copy(_ blob: ListedBlob, _ progress: SyncProgress) async throws -> Int64? {
        guard let filling = sync.filling else {
            return try await transfer.copy(blob.key, as: blob.key, didRead: progress.advance)
                .byteCount
        }
        let outcome = try await filling.relocation.move(blob.key, didRead: progress.advance)
        if case .moved(let moved) = outcome { return moved.copy.byteCount }
        return nil
    }

    /// Whether both stores have the same bytes, headers and metadata under a key.
    private func hasSameContent(_ key: BlobKey) async throws -> Bool {
        let new = try await sync.source.head(key)
        let old = try await sync.destination.head(key)
        guard new.byteCount == old.byteCount, new.headers == old.headers,
            new.metadata == old.metadata, let kept = old.checksum
        else { return false }
        if let checksum = new.checksum, checksum.algorithm == kept.algorithm {
            return checksum == kept
        }
        var hasher = ChecksumHasher(kept.algorithm)
        for try await chunk in try await sync.source.get(key).body { hasher.update(chunk) }
        return hasher.checksum() == kept
    }

    private func delete(_ blobs: [ListedBlob]) async throws {
        for blob in blobs { sync.onAction(.delete(blob)) }
        var failures: [BlobKey: any Error] = [:]
        if !options.isDryRun {
            do {
                for failure in try await sync.destination.delete(blobs.map(\.key)) {
                    failures[failure.key] = failure.error
                }
            } catch {
                for blob in blobs { failures[blob.key] = error }
            }
        }
        // What is gone is told first, since a failure may end the run.
        for blob in blobs where failures[blob.key] == nil {
            meter.deleted(blob)
            if !options.isDryRun { sync.onDeletion(blob) }
        }
        for blob in blobs {
            guard let error = failures[blob.key] else { continue }
            meter.failedToDelete(blob, error)
            try stopIfNeeded(error)
        }
    }

    /// Throws what every other blob would fail with too, or what ends the run by the caller's wish.
    private func stopIfNeeded(_ error: any Error) throws {
        try Task.checkCancellation()
        let kind = (error as? BlobError)?.kind
        let isForAll = [.storeNotFound, .unauthenticated, .outOfSpace].contains(kind)
        guard error is CancellationError || isForAll || options.stopsAtFirstFailure else { return }
        hasStopped.withLock { $0 = true }
        throw error
    }

    /// Adds up the source's listing; its errors are for the other listing to tell.
    private func count() async {
        var options = ListOptions(startAfter: sync.filling?.startAfter)
        while let page = try? await sync.source.list(options), meter.counted(page),
            let token = page.continuationToken
        {
            options.continuationToken = token
        }
    }
}

/// The places for work that goes on at the same time.
private struct Slots {
    var free: Int

    /// Waits for a free place; a child that gives `false` never had one.
    mutating func take(from group: inout ThrowingTaskGroup<Bool, any Error>) async throws {
        while free == 0 {
            guard let hadSlot = try await group.next() else { return }
            if hadSlot { free += 1 }
        }
        free -= 1
    }
}

/// What is known of the progress of one blob.
private final class SyncProgress: Sendable {
    private let key: BlobKey
    private let meter: SyncMeter
    private let rest: Locked<Int64>

    init(_ blob: ListedBlob, _ meter: SyncMeter) {
        key = blob.key
        self.meter = meter
        rest = Locked(blob.byteCount)
    }

    /// Bytes passed; the blob may have grown since it was listed, so not all of them need count.
    func advance(_ byteCount: Int64) {
        let done = rest.withLock { rest in
            let done = min(byteCount, rest)
            rest -= done
            return done
        }
        meter.transferred(byteCount, done: done)
    }

    func end(_ ending: SyncMeter.Ending, byteCount: Int64) {
        let rest = rest.withLock { rest in
            defer { rest = 0 }
            return rest
        }
        meter.ended(key, ending, byteCount: byteCount, rest: rest)
    }
}
