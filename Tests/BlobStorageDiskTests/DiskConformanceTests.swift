import BlobStorage
import BlobStorageDisk
import BlobStorageTestKit
import Testing

/// Every configuration keeps every promise, on one folder that all its cases share.
@Suite struct DiskConformanceTests {
    /// A store a configuration, since the cases of all run at once and each store holds files open.
    static let subjects = Result {
        try DiskConfiguration.all.map { configuration in
            let folder = try TemporaryFolder()
            return (folder, folder.store(configuration))
        }
    }

    @Test("conforms", arguments: DiskConfiguration.all.indices, BlobStoreConformance.cases)
    func conforms(_ index: Int, _ promise: ConformanceCase) async throws {
        let (_, store) = try Self.subjects.get()[index]
        try await promise.run(on: ConformanceSubject(store))
    }

    @Test func noCaseIsLeftOut() async throws {
        let store = try TemporaryFolder().store()
        // The only ones are those for stores that can't do something.
        let names = BlobStoreConformance.namesLeftOut(by: store)
            .filter { !$0.hasPrefix("readOnly.") && !$0.hasPrefix("unsupported.") }
        #expect(names == [])
    }
}
