// How a store's own tests run the conformance kit.
import BlobStorage
import BlobStorageTestKit
import Testing

// snippet.hide
typealias MyStore = InMemoryStore

// snippet.show
@Suite struct MyStoreTests {
    @Test("conforms", arguments: BlobStoreConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let store: any BlobStore = MyStore()
        try await store.prepare()
        try await promise.run(on: ConformanceSubject(store))
    }
}
