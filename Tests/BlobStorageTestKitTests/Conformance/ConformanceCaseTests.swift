import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct ConformanceCaseTests {
    @Test func everyCaseHasANameOfItsOwn() {
        let names = BlobStoreConformance.cases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 500)
    }

    @Test func capabilitiesSelectCases() {
        let all = BlobStoreConformance.namesLeftOut(by: InMemoryStore())
        #expect(all.allSatisfy { $0.hasPrefix("readOnly.") || $0.hasPrefix("unsupported.") })
        let left = Set(BlobStoreConformance.namesLeftOut(by: Limited()))
        #expect(left.contains("put.ifMatches.hit"))
        #expect(left.contains("checksum.sha256.computed"))
        #expect(left.contains("multipart.abort"))
        #expect(!left.contains("put.ifAbsent.existing"))
        #expect(!left.contains("checksum.crc32c.computed"))
        #expect(!left.contains("unsupported.putIfMatches"))
    }

    @Test func aCaseThatDoesNotApplyDoesNothing() async throws {
        let promise = try #require(
            BlobStoreConformance.cases.first { $0.name == "put.ifMatches.hit" }
        )
        #expect(try await promise.run(on: ConformanceSubject(Limited())) == .leftOut)
        #expect(try await promise.run(on: ConformanceSubject(InMemoryStore())) == .passed)
    }

    @Test func aCancelledRunIsNoFailureOfTheStore() async throws {
        let promise = try #require(BlobStoreConformance.cases.first { $0.name == "put.new" })
        let run = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await promise.run(on: ConformanceSubject(InMemoryStore()))
        }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}

/// A store that can do little, and takes no parts.
private struct Limited: BlobStore {
    let base = InMemoryStore()

    var capabilities: Capabilities {
        Capabilities(features: [.write, .putIfAbsent], checksums: [.crc32C])
    }

    func prepare() async throws {}

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(keys)
    }

    func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}
