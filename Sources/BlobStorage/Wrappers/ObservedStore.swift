/// A store whose every call is told to an observer, before it and after it.
///
/// It is made by ``BlobStore/observed(by:clock:)->BlobStore``, and otherwise does what its base does.
public struct ObservedStore<Base: BlobStore>: BlobStore {
    /// The store that does the work.
    public let base: Base
    private let observer: BlobObserver
    private let clock: any Clock<Duration>

    /// Creates a view of a store whose calls are observed.
    ///
    /// - Parameters:
    ///   - base: The store that does the work.
    ///   - observer: What to tell.
    ///   - clock: Tells how long an operation took.
    public init(
        _ base: Base,
        observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.base = base
        self.observer = observer
        self.clock = clock
    }

    /// What the base store can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Makes the bucket or folder if there is none.
    public func prepare() async throws {
        try await observing(.prepare) { try await base.prepare() }
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await observing(.put(key, byteCount: body.byteCount), bytes: \.byteCount) {
            try await base.put(key, body, options: options)
        }
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        let observation = observer.willBegin(.get(key, range: range), clock: clock)
        let blob: Blob
        do {
            blob = try await base.get(key, range: range, options: options)
        } catch {
            observation.end(.failed(error))
            throw error
        }
        guard observer.followsBodies else {
            observation.end(.succeeded)
            return blob
        }
        return Blob(
            attributes: blob.attributes,
            range: blob.range,
            body: blob.body.observed(by: observation.answered())
        )
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await observing(.head(key)) { try await base.head(key, options: options) }
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await observing(.delete(key)) { try await base.delete(key, options: options) }
    }

    /// Deletes many blobs.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        let observation = observer.willBegin(.bulkDelete(keys), clock: clock)
        do {
            let failures = try await base.delete(keys)
            observation.end(failures.first.map { .failed($0.error) } ?? .succeeded)
            return failures
        } catch {
            observation.end(.failed(error))
            throw error
        }
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await observing(.list(prefix: options.prefix)) { try await base.list(options) }
    }

    /// Copies a blob inside the store.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await observing(.copy(source, to: destination), bytes: \.byteCount) {
            try await base.copy(source, to: destination, options: options)
        }
    }

    /// Runs one operation between the observer's two calls; `bytes` counts a result's bytes.
    func observing<Result>(
        _ operation: BlobOperation,
        bytes: (Result) -> Int64? = { _ in nil },
        _ call: () async throws -> Result
    ) async throws -> Result {
        let observation = observer.willBegin(operation, clock: clock)
        do {
            let result = try await call()
            observation.end(.succeeded, byteCount: bytes(result))
            return result
        } catch {
            observation.end(.failed(error))
            throw error
        }
    }
}
