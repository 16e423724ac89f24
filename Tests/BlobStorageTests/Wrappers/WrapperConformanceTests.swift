import BlobStorage
import BlobStorageTestKit
import Testing

/// A wrapped store keeps every promise that its base keeps.
@Suite struct WrapperConformanceTests {
    static let whole = InMemoryStore()

    static let subjects: [String: ConformanceSubject] = [
        "prefixed": ConformanceSubject(InMemoryStore().prefixed("a/é")),
        "prefixed twice": ConformanceSubject(InMemoryStore().prefixed("a/").prefixed("b")),
        "without a prefix": ConformanceSubject(InMemoryStore().prefixed("")),
        "observed": ConformanceSubject(
            InMemoryStore().observed(by: BlobObserver { _ in { _ in } })
        ),
        "presigned": ConformanceSubject(
            InMemoryStore().presigned(by: PresignedStoreTests.EchoPresigner())
        ),
        "evented": ConformanceSubject(InMemoryStore().evented(as: "files") { _ in }),
        "read-only": ConformanceSubject(whole.readOnly(), fixture: whole),
    ]

    @Test("conforms", arguments: subjects.keys.sorted(), BlobStoreConformance.cases)
    func conforms(_ name: String, _ promise: ConformanceCase) async throws {
        try await promise.run(on: #require(Self.subjects[name]))
    }
}
