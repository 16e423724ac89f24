import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct FaultyStoreTests {
    private let failure = BlobError(.unavailable, operation: "test", message: "injected")

    @Test func failsTheCallThatIsNamedAndNoOther() async throws {
        let store = FaultyStore(
            InMemoryStore(),
            .scripted([Fault(.put, number: 2, .failBefore(failure))])
        )
        try await store.put("a", "1")
        let error = await #expect(throws: BlobError.self) { try await store.put("a", "2") }
        #expect(error?.kind == .unavailable)
        #expect(try await store.bytes("a", upTo: 10) == Array("1".utf8))
        try await store.put("a", "3")
        #expect(store.count(of: .put) == 3)
        #expect(store.count(of: .get) == 1)
        #expect(store.injectedFaults.map(\.number) == [2])
    }

    @Test func failsAfterTheCallTookEffect() async throws {
        let store = FaultyStore(InMemoryStore(), .scripted([Fault(.delete, .failAfter(failure))]))
        try await store.put("a", "1")
        await #expect(throws: BlobError.self) { try await store.delete("a") }
        #expect(try await store.exists("a") == false)
    }

    @Test("cuts a body on its way out", arguments: [0, 1, 3, 4] as [Int64])
    func cutsADownload(_ byteCount: Int64) async throws {
        let cut = Fault(.get, .cutBody(afterByteCount: byteCount, failure))
        let store = FaultyStore(InMemoryStore(), .scripted([cut]))
        try await store.put("a", "1234")
        var found: [UInt8] = []
        do {
            for try await chunk in try await store.get("a").body { found += chunk }
            Issue.record("the body ended without an error")
        } catch let error as BlobError {
            #expect(error.kind == .unavailable)
        }
        #expect(found == Array("1234".utf8.prefix(Int(byteCount))))
    }

    @Test func cutsABodyOnItsWayIn() async throws {
        let cut = Fault(.put, .cutBody(afterByteCount: 2, failure))
        let store = FaultyStore(InMemoryStore(), .scripted([cut]))
        let error = await #expect(throws: BlobError.self) { try await store.put("a", "1234") }
        #expect(error?.message == "injected")
        #expect(try await store.exists("a") == false)
    }

    @Test func takesPartsIfItsBaseDoes() async throws {
        let fault = Fault(.completeMultipartUpload, .failBefore(failure))
        let store = FaultyStore(InMemoryStore(), .scripted([fault]))
        let upload = try await store.createMultipartUpload("a")
        let part = try await store.uploadPart(1, of: upload, [1])
        await #expect(throws: BlobError.self) {
            try await store.completeMultipartUpload(upload, parts: [part])
        }
        try await store.completeMultipartUpload(upload, parts: [part])
        let plain: any BlobStore = FaultyStore(InMemoryStore().readOnly(), .scripted([]))
        #expect(!(plain is any MultipartBlobStore))
    }

    @Test func waitsAndThenDoesWhatItShould() async throws {
        let store = FaultyStore(
            InMemoryStore(),
            .scripted([Fault(.put, .delay(.microseconds(1)))])
        )
        try await store.put("a", "1")
        #expect(try await store.exists("a"))
    }

    @Test func oneSeedGivesTheSameFaults() async throws {
        func faults(_ seed: UInt64) async -> [String] {
            let store = FaultyStore(InMemoryStore(), .seeded(seed, probability: 0.3))
            for round in 0..<50 { _ = try? await store.put("a", "\(round)") }
            return store.injectedFaults.map { "\($0)" }
        }
        let first = await faults(1)
        #expect(await faults(1) == first)
        #expect(await faults(2) != first)
        #expect((5...30).contains(first.count))
    }

    @Test("without faults it conforms", arguments: BlobStoreConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let store = FaultyStore(InMemoryStore(multipartLimits: .small), .scripted([]))
        try await promise.run(on: ConformanceSubject(store))
    }
}
