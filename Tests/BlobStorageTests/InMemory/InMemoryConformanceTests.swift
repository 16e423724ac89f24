import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct InMemoryConformanceTests {
    @Test("conforms", arguments: BlobStoreConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let outcome = try await promise.run(on: ConformanceSubject(InMemoryStore()))
        // A store that can do everything leaves out only the cases on stores that can't.
        #expect((outcome == .leftOut) == !promise.requirements.absentFeatures.isEmpty)
    }
}
