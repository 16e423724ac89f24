import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct ConformanceCaseTests {
    @Test func everyCaseHasANameOfItsOwn() {
        let names = BlobStoreConformance.cases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 150)
    }
}
