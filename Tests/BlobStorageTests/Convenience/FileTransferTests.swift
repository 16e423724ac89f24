import BlobStorage
import Foundation
import Testing

@Suite struct FileTransferTests {
    private let store = InMemoryStore()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("carries a file there and back", arguments: [0, 1, 1_500_000])
    func roundTrip(_ count: Int) async throws {
        let path = try folder.file("in.png", pattern(count))
        let attributes = try await store.put("a.png", file: path)
        #expect(attributes.byteCount == Int64(count))
        #expect(try await store.get("a.png", toFile: "\(folder.path)/out") == attributes)
        #expect(try folder.bytes("out") == pattern(count))
        #expect(try folder.names == ["in.png", "out"])
    }

    @Test func aFileThatIsThereIsReplaced() async throws {
        let path = try folder.file("out", pattern(100))
        try await store.put("a", "new")
        try await store.get("a", toFile: path)
        #expect(try folder.bytes("out") == Array("new".utf8))
    }

    @Test func aFailureLeavesWhatWasThereAndNothingElse() async throws {
        let path = try folder.file("out", [1])
        let options = PutOptions(checksum: .compute(.crc32C))
        try await store.put("a", "text", options: options)
        var getOptions = GetOptions()
        getOptions.conditions.ifMatches = "\"other\""
        let failed = getOptions
        for (key, options) in [("a", failed), ("none", GetOptions())] as [(BlobKey, GetOptions)] {
            await #expect(throws: BlobError.self) {
                try await store.get(key, toFile: path, options: options)
            }
        }
        let broken = BrokenBodyStore(BlobBody(ChunkSource([[1]], failure: SourceFailure())))
        await #expect(throws: SourceFailure()) { try await broken.get("a", toFile: path) }
        #expect(try folder.bytes("out") == [1])
        #expect(try folder.names == ["out"])
    }

    @Test func aCancelledDownloadLeavesNothing() async throws {
        let (stream, chunks) = AsyncStream<[UInt8]>.makeStream()
        let broken = BrokenBodyStore(BlobBody(stream))
        let path = "\(folder.path)/out"
        chunks.yield([1])
        let task = Task { _ = try await broken.get("a", toFile: path) }
        while try folder.names.isEmpty { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try folder.names == [])
    }

    @Test func aBodyThatEndsEarlyIsAnError() async throws {
        let broken = BrokenBodyStore(BlobBody(ChunkSource([[1], [2]])))
        let error = try await #require(throws: BlobError.self) {
            try await broken.get("a", toFile: "\(folder.path)/out")
        }
        #expect(error.kind == .corrupted)
        #expect(try folder.names == [])
    }

    @Test func aNameMayBeAsLongAsTheFileSystemAllows() async throws {
        try await store.put("a", "text")
        let name = String(repeating: "x", count: 255)
        try await store.get("a", toFile: "\(folder.path)/\(name)")
        #expect(try folder.names == [name])
    }

    @Test func theFolderEndsAtTheSlashAndNotAtItsCharacter() async throws {
        // String takes the marks for a part of the slash; the file system, for the name.
        let name = String(repeating: "\u{301}", count: 127)
        try await store.put("a", "text")
        try await store.get("a", toFile: "\(folder.path)/\(name)")
        #expect(try folder.names.map { Array($0.utf8) } == [Array(name.utf8)])
    }

    @Test func aFolderThatIsNotThereIsAnError() async throws {
        try await store.put("a", "text")
        let error = try await #require(throws: BlobError.self) {
            try await store.get("a", toFile: "\(folder.path)/none/out")
        }
        #expect(error.kind == .notFound && error.operation == "get")
        #expect(error.message.contains("none/out"))
    }

    @Test func aPathWithANULIsNotCut() async throws {
        try await store.put("a", "text")
        let error = try await #require(throws: BlobError.self) {
            try await store.get("a", toFile: "\(folder.path)/out\u{0}.png")
        }
        #expect(error.kind == .invalidArgument)
        #expect(try folder.names == [])
    }

    @Test func aPathInAnErrorCannotSteerATerminal() async throws {
        try await store.put("a", "text")
        let error = try await #require(throws: BlobError.self) {
            try await store.get("a", toFile: "\(folder.path)/no\u{1b}[2Jne/out")
        }
        #expect(!error.description.utf8.contains(0x1B))
    }

    @Test func whatIsNoRegularFileIsNotReplaced() async throws {
        try await store.put("a", "text")
        let fifo = "\(folder.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        let error = try await #require(throws: BlobError.self) {
            try await store.get("a", toFile: fifo)
        }
        #expect(error.kind == .invalidArgument)
        #expect(try folder.names == ["fifo"])
    }
}

/// A store whose one blob has a body of the test's own.
private struct BrokenBodyStore: BlobStore {
    private let body: BlobBody
    private let base = RefusingStore()

    init(_ body: BlobBody) {
        self.body = body
    }

    var capabilities: Capabilities { base.capabilities }

    func prepare() async throws {}

    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        let time = Date(timeIntervalSince1970: 0)
        let attributes = BlobAttributes(key: key, byteCount: 3, etag: "e", lastModified: time)
        return Blob(attributes: attributes, range: 0..<3, body: body)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] { try await base.delete(keys) }

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}
