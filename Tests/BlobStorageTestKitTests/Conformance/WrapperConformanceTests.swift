import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct WrapperConformanceTests {
    @Test("a read-only store conforms", arguments: BlobStoreConformance.cases)
    func readOnly(_ promise: ConformanceCase) async throws {
        let base = InMemoryStore()
        try await promise.run(on: ConformanceSubject(base.readOnly(), fixture: base))
    }

    /// Keys of the greatest length have no room for a prefix.
    static let casesUnderAPrefix = BlobStoreConformance.cases.filter {
        !$0.name.hasPrefix("keys.length.10")
    }

    @Test("a prefixed store conforms", arguments: casesUnderAPrefix)
    func prefixed(_ promise: ConformanceCase) async throws {
        let base = InMemoryStore(multipartLimits: .small)
        try await promise.run(on: ConformanceSubject(base.prefixed("p/")))
    }

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
