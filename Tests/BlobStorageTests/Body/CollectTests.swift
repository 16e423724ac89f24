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

    @Test func aBodyKnownToBeTooLargeIsNotRead() async throws {
        let source = ChunkSource([[1, 2]])
        let body = BlobBody(source, byteCount: 2)
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: 1) }
        #expect(source.iterations.withLock { $0 } == 0)
    }

    @Test func aHugeCountThatIsALieCostsNoMemory() async throws {
        let body = BlobBody(ChunkSource([[1]]), byteCount: Int64.max)
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: 1 << 20) }
    }
}
