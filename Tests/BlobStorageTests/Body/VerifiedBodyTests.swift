import BlobStorage
import Testing

@Suite struct VerifiedBodyTests {
    @Test("hands on bytes that have the checksum", arguments: ChecksumAlgorithm.allCases)
    func matches(_ algorithm: ChecksumAlgorithm) async throws {
        let checksum = Checksum.of([1, 2, 3], algorithm)
        let body = BlobBody(ChunkSource([[1], [2, 3]]), byteCount: 3)
            .verified(by: checksum, operation: "get", key: "k")
        #expect(body.byteCount == 3 && !body.isReplayable)
        #expect(try await body.collect(upTo: 3) == [1, 2, 3])
    }

    @Test("an end with another checksum is an error", arguments: ChecksumAlgorithm.allCases)
    func differs(_ algorithm: ChecksumAlgorithm) async throws {
        let body = BlobBody([1, 2, 3])
            .verified(by: Checksum.of([1, 2, 4], algorithm), operation: "get", key: "k")
        var iterator = body.makeAsyncIterator()
        #expect(try await iterator.next() == [1, 2, 3])
        let error = try await #require(throws: BlobError.self) { _ = try await iterator.next() }
        #expect(error.kind == .integrityFailure)
        #expect(error.operation == "get" && error.key == "k")
    }

    @Test func collectingDoesNotPassTheCheckBy() async throws {
        let body = BlobBody([1]).verified(by: .of([2], .crc32C), operation: "get", key: "k")
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: 9) }
    }

    @Test func canBeReadAsOftenAsTheBodyBehindIt() async throws {
        let body = BlobBody([1]).verified(by: .of([1], .crc32C), operation: "get", key: "k")
        #expect(body.isReplayable)
        for _ in 0..<2 { #expect(try await body.collect(upTo: 9) == [1]) }
    }

    @Test func cancellationIsNotTakenForOtherBytes() async throws {
        // An AsyncStream ends, without an error, when its reader is cancelled.
        let (stream, _) = AsyncStream<[UInt8]>.makeStream()
        let body = BlobBody(stream).verified(by: .of([1], .crc32C), operation: "get", key: "k")
        let task = Task { for try await _ in body {} }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func anErrorBehindItPassesUnchanged() async throws {
        let body = BlobBody(ChunkSource([[1]], failure: SourceFailure()))
            .verified(by: .of([1], .crc32C), operation: "get", key: "k")
        await #expect(throws: SourceFailure()) { _ = try await body.collect(upTo: 9) }
    }
}
