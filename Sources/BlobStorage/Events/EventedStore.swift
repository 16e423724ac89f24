public import Foundation

/// A store that tells of its changes by events, as S3 does with its notifications.
///
/// It is made by `evented(as:emit:)`, and otherwise does what its base does. The event of
/// a change is emitted when the base has made it, before the call returns; a call that fails emits
/// none. Changes that don't pass through it, such as those of another process, are not seen.
///
/// - `put`, `copy` and a completed multipart upload emit ``BlobEvent/Kind/created``;
/// - `delete` emits ``BlobEvent/Kind/deleted``, also for a key where nothing was; one of many keys
///   that ends with an error emits it for each where nothing is by then;
/// - `setTags` emits ``BlobEvent/Kind/tagsChanged``.
///
/// If changes of one key overlap, their events tell what is there after them, so that the last one in
/// the order of sequencers is true whichever change came last. So do those of a change that ended with
/// `outcomeUnknown`.
public struct EventedStore<Base: BlobStore>: BlobStore {
    /// The store that does the work.
    public let base: Base
    /// What events call the store.
    public let source: String
    private let emit: @Sendable (BlobEvent) async -> Void
    private let changes: KeyChanges

    /// Creates a view of a store that tells of changes.
    ///
    /// - Parameters:
    ///   - base: The store that does the work.
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - now: The time of day.
    ///   - emit: Takes the events; the change's caller waits for it, also if it is cancelled.
    public init(
        _ base: Base,
        as source: String,
        now: @escaping @Sendable () -> Date = { Date() },
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) {
        self.base = base
        self.source = source
        self.emit = emit
        changes = KeyChanges(now: now)
    }

    /// What the base store can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Makes the bucket or folder if there is none.
    public func prepare() async throws {
        try await base.prepare()
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await creating(key, "ObjectCreated:Put") {
            try await base.put(key, body, options: options)
        }
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await changing(
            key,
            { _ in .deleted },
            { try await base.delete(key, options: options) }
        )
    }

    /// Deletes many blobs; each that is gone emits an event.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        let distinct = Set(keys)
        for key in distinct { changes.begin(key) }
        let failures: [DeleteFailure]
        do {
            failures = try await base.delete(keys)
        } catch {
            await tellWhatIsGone(distinct, after: error)
            throw error
        }
        let failed = Dictionary(failures.map { ($0.key, $0.error) }) { first, _ in first }
        for key in distinct {
            let end = changes.end(key)
            guard let error = failed[key] else {
                await tell(key, end, .deleted)
                continue
            }
            await tell(key, end, after: error)
        }
        return failures
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    /// Copies a blob inside the store.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await creating(destination, "ObjectCreated:Copy") {
            try await base.copy(source, to: destination, options: options)
        }
    }

    /// Runs a change that writes a blob.
    func creating(
        _ key: BlobKey,
        _ name: String,
        _ change: () async throws -> BlobAttributes
    ) async throws -> BlobAttributes {
        try await changing(key, { .created(name, $0) }, change)
    }

    /// Runs a change, and tells of it when it is done.
    func changing<Result>(
        _ key: BlobKey,
        _ happening: (Result) -> Happening,
        _ change: () async throws -> Result
    ) async throws -> Result {
        changes.begin(key)
        let result: Result
        do {
            result = try await change()
        } catch {
            await tell(key, changes.end(key), after: error)
            throw error
        }
        await tell(key, changes.end(key), happening(result))
        return result
    }
}

/// What an event is about.
enum Happening {
    case created(String, BlobAttributes)
    case deleted
    case tagsChanged(String)
}

extension EventedStore {
    /// Emits the event of a change that was made.
    private func tell(
        _ key: BlobKey,
        _ end: KeyChanges.End,
        _ happening: Happening
    ) async {
        var told = happening
        if end.overlaps, let there = await whatIsThere(key, happening) { told = there }
        await emit(told.event(source: source, key: key, end))
    }

    /// Emits what is there, if nobody knows whether a change was made.
    private func tell(_ key: BlobKey, _ end: KeyChanges.End, after error: any Error) async {
        guard let error = error as? BlobError, error.kind == .outcomeUnknown,
            let there = await whatIsThere(key, .deleted)
        else { return }
        await emit(there.event(source: source, key: key, end))
    }

    /// Emits the deletions that were made before the call for many of them ended with an error.
    ///
    /// It looks at each key, also if the caller is cancelled: what was deleted stays deleted.
    private func tellWhatIsGone(_ keys: Set<BlobKey>, after error: any Error) async {
        let isUnknown = (error as? BlobError)?.kind == .outcomeUnknown
        await Task {
            for key in keys {
                let end = changes.end(key)
                guard let there = await whatIsThere(key, .deleted) else { continue }
                if case .created = there, !isUnknown { continue }
                await emit(there.event(source: source, key: key, end))
            }
        }
        .value
    }

    /// Looks what became of a key; `nil` if that can't be told.
    private func whatIsThere(_ key: BlobKey, _ happening: Happening) async -> Happening? {
        // Tags have no part in what a look tells.
        if case .tagsChanged = happening { return nil }
        do {
            let attributes = try await base.head(key, options: HeadOptions())
            guard case .created(let name, _) = happening else {
                return .created("ObjectCreated:Put", attributes)
            }
            return .created(name, attributes)
        } catch let error as BlobError where error.kind == .notFound {
            return .deleted
        } catch {
            return nil
        }
    }
}

extension Happening {
    fileprivate func event(source: String, key: BlobKey, _ end: KeyChanges.End) -> BlobEvent {
        var event = BlobEvent(
            .deleted,
            name: "ObjectRemoved:Delete",
            source: source,
            key: key,
            time: end.time,
            sequencer: end.sequencer
        )
        switch self {
        case .created(let name, let attributes):
            (event.kind, event.name) = (.created, name)
            (event.byteCount, event.etag) = (attributes.byteCount, attributes.etag)
        case .tagsChanged(let name):
            (event.kind, event.name) = (.tagsChanged, name)
        case .deleted:
            break
        }
        return event
    }
}
