public import BlobStorage
public import Foundation

/// Buckets that clients make and delete while the program runs.
///
/// The names are kept in memory: a program that makes a folder a bucket gives the folders that are
/// there already when it starts.
public final class DynamicBuckets: GatewayBuckets {
    /// Makes the store behind a new bucket, ready for use.
    public typealias MakeStore = @Sendable (_ name: String) async throws -> any BlobStore
    /// Takes away what is behind an empty bucket.
    public typealias RemoveStore = @Sendable (_ name: String, any BlobStore) async throws -> Void

    private struct Entry {
        var store: any BlobStore
        var created: Date
        var settings = GatewayBucketSettings()
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The names that are being made or deleted.
        var busy: Set<String> = []
    }

    private let state: Locked<State>
    private let makeStore: MakeStore
    private let removeStore: RemoveStore
    private let now: @Sendable () -> Date

    /// Creates buckets.
    ///
    /// - Parameters:
    ///   - stores: The buckets that are there already, and their stores.
    ///   - now: The time of day.
    ///   - removeStore: Takes away what is behind a bucket that is deleted. It should throw a `BlobError`
    ///     of kind `conflict` if the bucket is not empty after all.
    ///   - makeStore: Makes the store behind a new bucket. The name is a valid one: it has no slash, and
    ///     does not begin with a dot.
    public init(
        _ stores: [String: any BlobStore] = [:],
        now: @escaping @Sendable () -> Date = { Date() },
        removeStore: @escaping RemoveStore = { _, _ in },
        makeStore: @escaping MakeStore
    ) {
        let created = now()
        let entries = stores.mapValues { Entry(store: $0, created: created) }
        state = Locked(State(entries: entries))
        self.makeStore = makeStore
        self.removeStore = removeStore
        self.now = now
    }

    /// Buckets in memory, for tests.
    ///
    /// - Returns: Buckets, none yet.
    public static func inMemory() -> DynamicBuckets {
        DynamicBuckets { _ in InMemoryStore() }
    }

    /// Finds a bucket.
    public func store(of name: String) -> (any BlobStore)? {
        state.withLock { $0.entries[name]?.store }
    }

    /// Lists the buckets.
    public func list() -> [GatewayBucket] {
        state.withLock { state in
            state.entries.map { GatewayBucket(name: $0.key, created: $0.value.created) }
        }
    }

    /// What clients have set, kept in memory.
    ///
    /// It is `async`, or a caller that is would get what buckets without settings say.
    public func settings(of name: String) async -> GatewayBucketSettings {
        state.withLock { $0.entries[name]?.settings } ?? GatewayBucketSettings()
    }

    /// Changes what clients have set, in memory.
    public func changeSettings(
        of name: String,
        _ change: @Sendable (inout GatewayBucketSettings) -> Void
    ) async {
        state.withLock { state in
            guard var entry = state.entries[name] else { return }
            change(&entry.settings)
            state.entries[name] = entry
        }
    }

    /// Makes a bucket.
    ///
    /// - Parameter name: A valid bucket name.
    /// - Throws: `BlobError` of kind `alreadyExists`; what making the store throws.
    public func create(_ name: String) async throws {
        try state.withLock { state in
            guard state.entries[name] == nil, state.busy.insert(name).inserted else {
                throw BlobError(
                    .alreadyExists,
                    operation: "createBucket",
                    message: "there is a bucket \"\(EscapedText(name))\""
                )
            }
        }
        defer { state.withLock { _ = $0.busy.remove(name) } }
        let store = try await makeStore(name)
        let created = now()
        state.withLock { $0.entries[name] = Entry(store: store, created: created) }
    }

    /// Deletes a bucket, which no request finds any more from the beginning of this on.
    ///
    /// - Parameter name: The bucket's name.
    /// - Throws: `BlobError` of kind `storeNotFound`; `conflict` if the bucket is not empty, and what
    ///   taking the store away throws: then the bucket is back.
    public func delete(_ name: String) async throws {
        let entry = try state.withLock { state in
            guard let entry = state.entries[name], state.busy.insert(name).inserted else {
                throw BlobError(
                    .storeNotFound,
                    operation: "deleteBucket",
                    message: "there is no bucket \"\(EscapedText(name))\""
                )
            }
            state.entries[name] = nil
            return entry
        }
        defer { state.withLock { _ = $0.busy.remove(name) } }
        do {
            // A write that was on its way when the bucket was still found may be done by now; one that
            // is not finds the bucket gone when it is, and is not acknowledged.
            guard try await entry.store.list(ListOptions(limit: 1)).blobs.isEmpty else {
                throw BlobError(
                    .conflict,
                    operation: "deleteBucket",
                    message: "the bucket \"\(EscapedText(name))\" is not empty"
                )
            }
            try await removeStore(name, entry.store)
        } catch {
            state.withLock { $0.entries[name] = entry }
            throw error
        }
    }
}
