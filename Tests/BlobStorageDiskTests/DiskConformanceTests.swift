import BlobStorage
import BlobStorageDisk
import BlobStorageTestKit
import Testing

/// Every configuration keeps every promise, on one folder that all its cases share.
@Suite struct DiskConformanceTests {
    static let roots = Result {
        try DiskConfiguration.all.map { ($0, try TemporaryFolder()) }
    }

    @Test("conforms", arguments: DiskConfiguration.all.indices, BlobStoreConformance.cases)
    func conforms(_ index: Int, _ promise: ConformanceCase) async throws {
        let (configuration, folder) = try Self.roots.get()[index]
        let store = folder.store(configuration)
        try await store.prepare()
        try await promise.run(on: ConformanceSubject(store))
    }

    @Test func noCaseIsLeftOut() async throws {
        let store = try TemporaryFolder().store()
        #expect(BlobStoreConformance.namesLeftOut(by: store) == [])
    }
}
