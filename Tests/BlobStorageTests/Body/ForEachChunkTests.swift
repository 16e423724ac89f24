import BlobStorage
import Testing

@Suite struct ForEachChunkTests {
    private static func read(
        _ body: BlobBody,
        limit: Int64? = nil
    ) async throws -> (count: Int64, chunks: [[UInt8]]) {
        var chunks: [[UInt8]] = []
        let count = try await body.forEachChunk(operation: "put", key: "k", limit: limit) {
            chunks.append($0)
        }
        return (count, chunks)
    }

    @Test func handsOnEveryChunkThatIsNotEmpty() async throws {
        let result = try await Self.read(BlobBody(ChunkSource([[1], [], [2, 3], []])))
        #expect(result.count == 3)
        #expect(result.chunks == [[1], [2, 3]])
    }

    @Test("a body must deliver what it declared", arguments: [0, 1, 2, 4, 5, 100] as [Int64])
    func declared(_ byteCount: Int64) async throws {
        let source = ChunkSource([[1], [2], [3]])
        let error = try await #require(throws: BlobError.self) {
            _ = try await Self.read(BlobBody(source, byteCount: byteCount))
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.operation == "put" && error.key == "k")
        #expect(error.message.contains("\(byteCount) that it declared"))
        // No more is taken than shows the lie.
        #expect(source.taken.withLock { $0 } == Int(min(byteCount + 1, 3)))
    }

    @Test func anErrorOfTheSystemBecomesOneOfTheStore() async throws {
        let source = ChunkSource([[1]], failure: SystemError("read", 5))
        let error = try await #require(throws: BlobError.self) {
            _ = try await Self.read(BlobBody(source))
        }
        #expect(error.kind == .unavailable && error.operation == "put" && error.key == "k")
        #expect(error.underlying as? SystemError == SystemError("read", 5))
    }

    @Test func aDeclaredCountThatIsMetPasses() async throws {
        let body = BlobBody(ChunkSource([[1], [2], [3]]), byteCount: 3)
        #expect(try await Self.read(body, limit: 3).count == 3)
        #expect(try await Self.read(BlobBody([]), limit: 0).count == 0)
    }

    @Test func aBodyDeclaredAboveTheLimitIsNotRead() async throws {
        let source = ChunkSource([[1], [2], [3]])
        let error = try await #require(throws: BlobError.self) {
            _ = try await Self.read(BlobBody(source, byteCount: 3), limit: 2)
        }
        #expect(error.kind == .tooLarge)
        #expect(source.taken.withLock { $0 } == 0)
    }

    @Test func anUndeclaredBodyEndsAtTheLimit() async throws {
        let source = ChunkSource([[1], [2], [3], [4]])
        let error = try await #require(throws: BlobError.self) {
            _ = try await Self.read(BlobBody(source), limit: 2)
        }
        #expect(error.kind == .tooLarge)
        #expect(source.taken.withLock { $0 } == 3)
    }

    @Test func whatTheTakerThrowsEndsTheReading() async throws {
        let source = ChunkSource([[1], [2], [3]])
        await #expect(throws: SourceFailure()) {
            _ = try await BlobBody(source).forEachChunk(operation: "put", key: "k") { _ in
                throw SourceFailure()
            }
        }
        #expect(source.taken.withLock { $0 } == 1)
    }

    @Test func aCancelledTaskTakesNothing() async throws {
        let source = ChunkSource([[1], [2]])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await Self.read(BlobBody(source))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aCancelledTaskDoesNotTakeAnEmptyBodyForWhole() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await Self.read(BlobBody([]))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
