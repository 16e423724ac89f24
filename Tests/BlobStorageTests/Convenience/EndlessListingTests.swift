import BlobStorage
import Testing

@Suite struct EndlessListingTests {
    /// A store whose next page is always the same one.
    private func store() -> InterceptedStore {
        let calls = Locked(0)
        var store = InterceptedStore(InMemoryStore())
        store.onList = { _, _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            // Else a failure of this test would never end.
            guard call < 10 else { throw SourceFailure() }
            return BlobPage(blobs: [], continuationToken: "again")
        }
        return store
    }

    @Test func aTokenThatComesTwiceEndsAListing() async throws {
        let error = try await #require(throws: BlobError.self) {
            for try await _ in store().list() {}
        }
        #expect(error.kind == .corrupted && error.operation == "list")
    }

    @Test func aTokenThatComesTwiceEndsADeletion() async throws {
        let error = try await #require(throws: BlobError.self) {
            try await store().deleteAll(prefix: "")
        }
        #expect(error.kind == .corrupted && error.operation == "list")
    }
}
