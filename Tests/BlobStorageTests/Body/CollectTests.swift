import BlobStorage
import Testing

@Suite struct CollectTests {
    @Test(
        "takes up to the limit",
        arguments: [([], 0), ([[1]], 1), ([[1, 2], [3]], 3), ([[], [1], []], 1), ([[1]], 100)]
            as [([[UInt8]], Int)]
    )
    func fits(_ chunks: [[UInt8]], _ limit: Int) async throws {
        let all = chunks.flatMap { $0 }
        #expect(try await BlobBody(ChunkSource(chunks)).collect(upTo: limit) == all)
        let counted = BlobBody(ChunkSource(chunks), byteCount: Int64(all.count))
        #expect(try await counted.collect(upTo: limit) == all)
        #expect(try await BlobBody(all).collect(upTo: limit) == all)
    }

    @Test(
        "throws at the first byte too many",
        arguments: [([[1]], 0), ([[1, 2], [3]], 2), ([[1], [2], [3]], 1)] as [([[UInt8]], Int)]
    )
    func tooLarge(_ chunks: [[UInt8]], _ limit: Int) async throws {
        for body in [BlobBody(ChunkSource(chunks)), BlobBody(chunks.flatMap { $0 })] {
            let error = try await #require(throws: BlobError.self) {
                _ = try await body.collect(upTo: limit)
            }
            #expect(error.kind == .tooLarge)
            #expect(error.message.contains("\(limit)"))
        }
    }

    @Test("a body of another length than it declares is not taken for whole", arguments: [1, 3])
    func wrongLength(_ byteCount: Int64) async throws {
        let body = BlobBody(ChunkSource([[1], [2]]), byteCount: byteCount)
        let error = try await #require(throws: BlobError.self) {
            _ = try await body.collect(upTo: 9)
        }
        #expect(error.kind == .corrupted)
    }

    @Test func aCancelledReaderDoesNotTakeAPartForAll() async throws {
        // An AsyncStream ends, without an error, when its reader is cancelled.
        let (stream, chunks) = AsyncStream<[UInt8]>.makeStream()
        chunks.yield([1])
        let task = Task { try await BlobBody(stream).collect(upTo: 9) }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    @Test func aBodyKnownToBeTooLargeIsNotRead() async throws {
        let source = ChunkSource([[1, 2]])
        let body = BlobBody(source, byteCount: 2)
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: 1) }
        #expect(source.iterations.withLock { $0 } == 0)
    }

    @Test("a huge count that is a lie costs no memory", arguments: [1 << 20, Int.max])
    func lie(_ limit: Int) async throws {
        let body = BlobBody(ChunkSource([[1]]), byteCount: Int64.max)
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: limit) }
    }
}
