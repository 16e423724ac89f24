import BlobStorage
import BlobStorageServer
import Synchronization

/// Whether the stores answer.
///
/// Anybody may ask, so they are asked once a second at most, however many ask at once.
final class HealthCheck: Sendable {
    private static let lifetime = Duration.seconds(1)
    private static let probe: BlobKey = "health"

    private let store: any BlobStore
    private let metadata: any MetadataStore
    private let last = Mutex<(time: ContinuousClock.Instant, check: Task<Void, any Error>)?>(nil)

    init(store: any BlobStore, metadata: any MetadataStore) {
        self.store = store
        self.metadata = metadata
    }

    deinit {
        last.withLock { $0?.check.cancel() }
    }

    /// Asks both stores for something that is not there.
    ///
    /// - Throws: ``Problem`` of kind `unavailable`.
    func check() async throws {
        let now = ContinuousClock.now
        let check = last.withLock { last in
            if let last, now - last.time < Self.lifetime { return last.check }
            let check = Task { [store, metadata] in
                _ = try await store.exists(Self.probe)
                _ = try await metadata.find("health")
            }
            last = (now, check)
            return check
        }
        do {
            try await check.value
        } catch {
            throw Problem(
                .unavailable,
                "a store does not answer; the log has more",
                headers: ["Retry-After": "5"],
                cause: "\(error)"
            )
        }
    }
}
