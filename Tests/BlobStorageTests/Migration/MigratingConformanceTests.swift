import BlobStorage
import BlobStorageTestKit
import Testing

/// Two stores in the midst of a migration keep every promise that one store keeps.
@Suite struct MigratingConformanceTests {
    private static func both() -> MigrationWrites {
        .both { key, error in Issue.record("the mirror failed at \(key): \(error)") }
    }

    private static let subjects: [String: ConformanceSubject] = {
        let old = InMemoryStore()
        let new = InMemoryStore()
        return [
            "new": ConformanceSubject(InMemoryStore().migrating(to: InMemoryStore())),
            "both": ConformanceSubject(
                InMemoryStore().migrating(to: InMemoryStore(), writes: both())
            ),
            "scattered, new": ConformanceSubject(ScatteringStore()),
            "scattered, both": ConformanceSubject(ScatteringStore(writes: both())),
            "all in the old one": ConformanceSubject(
                old.readOnly().migrating(to: InMemoryStore().readOnly()),
                fixture: old
            ),
            "all in the new one": ConformanceSubject(
                InMemoryStore().readOnly().migrating(to: new.readOnly()),
                fixture: new
            ),
        ]
    }()

    @Test("conforms", arguments: subjects.keys.sorted(), BlobStoreConformance.cases)
    func conforms(_ name: String, _ promise: ConformanceCase) async throws {
        try await promise.run(on: #require(Self.subjects[name]))
    }

    @Test("leaves no case out", arguments: ["new", "both", "scattered, new", "scattered, both"])
    func noCaseIsLeftOut(_ name: String) throws {
        let store = try #require(Self.subjects[name]).store
        let names = BlobStoreConformance.namesLeftOut(by: store)
            .filter { !$0.hasPrefix("readOnly.") && !$0.hasPrefix("unsupported.") }
        #expect(names == [])
    }

    @Test("agrees with the model", arguments: 0..<20 as Range<UInt64>)
    func agreesWithTheModel(_ seed: UInt64) async throws {
        let limits = MultipartLimits(
            minimumPartByteCount: 4,
            maximumPartByteCount: 1 << 20,
            maximumPartCount: 100
        )
        try await StoreModel.check(seed: seed, operations: 300) {
            ScatteringStore(writes: seed.isMultiple(of: 2) ? .new : Self.both(), limits: limits)
        }
    }

    @Test func claimsWhatBothCanKeep() {
        var old = InterceptedStore(InMemoryStore())
        var new = InterceptedStore(InMemoryStore())
        func features() -> Set<Capabilities.Feature> {
            old.migrating(to: new).capabilities.features
        }
        let all = Set(Capabilities.Feature.allCases)
        #expect(features() == all)
        old.capabilities.features = []
        #expect(features() == all.subtracting([.write, .nulInKeys, .tags]))
        old.capabilities.features = all
        new.capabilities.features.remove(.putIfAbsent)
        let unconditional: Set<Capabilities.Feature> = [
            .putIfAbsent, .putIfMatches, .deleteIfMatches, .conditionalCopy,
        ]
        #expect(features() == all.subtracting(unconditional))
        old.capabilities.maximumBlobByteCount = 5
        old.capabilities.maximumKeyByteCount = 100
        new.capabilities.maximumBlobByteCount = 9
        new.capabilities.checksums = [.sha256]
        let capabilities = old.migrating(to: new).capabilities
        #expect(capabilities.maximumBlobByteCount == 9)
        #expect(capabilities.maximumKeyByteCount == 100)
        #expect(capabilities.checksums == [.sha256])
        let mirrored = old.migrating(to: new, writes: Self.both()).capabilities
        #expect(mirrored.maximumBlobByteCount == 5)
    }
}
