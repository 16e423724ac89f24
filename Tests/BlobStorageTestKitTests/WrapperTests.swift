import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct WrapperTests {
    @Test("a prefixed store agrees with the model", arguments: 0..<5 as Range<UInt64>)
    func prefixedModel(_ seed: UInt64) async throws {
        try await StoreModel.check(seed: seed) {
            InMemoryStore(multipartLimits: .small).prefixed("p/")
        }
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
