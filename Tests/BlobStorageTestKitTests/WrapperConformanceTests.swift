import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct WrapperConformanceTests {
    @Test("a read-only store conforms", arguments: BlobStoreConformance.cases)
    func readOnly(_ promise: ConformanceCase) async throws {
        let base = InMemoryStore()
        try await promise.run(on: ConformanceSubject(base.readOnly(), fixture: base))
    }

    @Test func aReadOnlyStoreIsReadAndRefuses() {
        let names = BlobStoreConformance.cases(for: InMemoryStore().readOnly()).map(\.name)
        #expect(names.contains("readOnly.put"))
        #expect(names.contains("range.suffix.some"))
        #expect(!names.contains("put.new"))
        let left = BlobStoreConformance.namesLeftOut(by: InMemoryStore().readOnly())
        #expect(left.count + names.count == BlobStoreConformance.cases.count)
    }
}
