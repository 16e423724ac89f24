import BlobStorage
import Testing

@Suite struct BlobBodyTests {
    @Test func bytesKnowTheirCountAndCanBeReadAgain() async throws {
        let body = BlobBody([1, 2, 3])
        #expect(body.byteCount == 3 && body.isReplayable)
        for _ in 0..<2 { #expect(try await body.collect(upTo: 3) == [1, 2, 3]) }
    }

    @Test func noBytesAreNoChunk() async throws {
        let body = BlobBody([])
        var iterator = body.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
        #expect(try await body.collect(upTo: 0) == [])
    }

    @Test func chunksComeAsTheyAreAskedFor() async throws {
        let source = ChunkSource([[1], [2], [3]])
        let body = BlobBody(source)
        #expect(body.byteCount == nil && !body.isReplayable)
        var iterator = body.makeAsyncIterator()
        #expect(source.taken.withLock { $0 } == 0)
        #expect(try await iterator.next() == [1])
        #expect(source.taken.withLock { $0 } == 1)
    }

    @Test func aSequenceIsReadOnce() async throws {
        let source = ChunkSource([[1]])
        let body = BlobBody(source)
        #expect(try await body.collect(upTo: 9) == [1])
        let error = try await #require(throws: BlobError.self) {
            _ = try await body.collect(upTo: 9)
        }
        #expect(error.kind == .closed)
        #expect(source.iterations.withLock { $0 } == 1)
    }

    @Test func copiesOfABodyShareTheOneReading() async throws {
        let body = BlobBody(ChunkSource([[1]]))
        let copy = body
        _ = try await copy.collect(upTo: 9)
        await #expect(throws: BlobError.self) { _ = try await body.collect(upTo: 9) }
    }

    @Test func aReplayableSequenceIsReadAnew() async throws {
        let source = ChunkSource([[1], [2]])
        let body = BlobBody(source, byteCount: 2, isReplayable: true)
        #expect(body.byteCount == 2 && body.isReplayable)
        for _ in 0..<3 { #expect(try await body.collect(upTo: 9) == [1, 2]) }
        #expect(source.iterations.withLock { $0 } == 3)
    }

    @Test func whatTheSequenceThrowsPassesUnchanged() async throws {
        let body = BlobBody(ChunkSource([[1]], failure: SourceFailure()))
        await #expect(throws: SourceFailure()) { _ = try await body.collect(upTo: 9) }
    }

    @Test func readsOnTheCallersActor() async throws {
        #expect(try await Reader().read(BlobBody(ChunkSource([[1], [2]]))) == [1, 2])
    }

    private actor Reader {
        func read(_ body: BlobBody) async throws -> [UInt8] {
            var all: [UInt8] = []
            for try await chunk in body { all += chunk }
            return all
        }
    }
}
