import BlobStorage
import BlobStorageS3
import BlobStorageTestKit
import Testing

/// The fake server keeps the promises that a real one keeps, or it could judge nothing.
@Suite struct FakeS3Tests {
    @Test("conforms, through the store", arguments: BlobStoreConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let store = try FaultFixture { $0.partByteCount = 8 << 20 }.store
        guard promise.requirements.areMet(by: store) else { return }
        try await promise.run(on: ConformanceSubject(store))
    }

    @Test func leavesOutOnlyWhatS3Lacks() throws {
        let names = BlobStoreConformance.namesLeftOut(by: try FaultFixture().store)
        let isExpected = [
            "readOnly.", "unsupported.", "multipart.checksum.sha1.", "multipart.checksum.sha256.",
            "tags.",
        ]
        #expect(names.filter { name in !isExpected.contains { name.hasPrefix($0) } } == [])
    }
}
