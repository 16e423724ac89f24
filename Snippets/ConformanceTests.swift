// How a store's own tests run the conformance kit.
import BlobStorage
import BlobStorageTestKit
import Testing

// snippet.hide
typealias MyStore = InMemoryStore
typealias MyMetadataStore = InMemoryMetadataStore

// snippet.show
@Suite struct MyStoreTests {
    @Test("conforms", arguments: BlobStoreConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let store: any BlobStore = MyStore()
        try await store.prepare()
        try await promise.run(on: ConformanceSubject(store))
    }
}

@Suite struct MyMetadataStoreTests {
    @Test("conforms", arguments: MetadataStoreConformance.cases)
    func conforms(_ promise: MetadataConformanceCase) async throws {
        let store: any MetadataStore = MyMetadataStore()
        try await store.prepare()
        try await promise.run(on: MetadataConformanceSubject(store))
    }
}
