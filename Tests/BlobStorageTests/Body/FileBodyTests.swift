import BlobStorage
import Foundation
import Testing

@Suite struct FileBodyTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("reads a file whole", arguments: [0, 1, 524_287, 524_288, 524_289, 1_500_000])
    func whole(_ count: Int) async throws {
        let bytes = pattern(count)
        let body = try await BlobBody.file(folder.file("a", bytes))
        #expect(body.byteCount == Int64(count) && body.isReplayable)
        for _ in 0..<2 { #expect(try await body.collect(upTo: count) == bytes) }
    }

    @Test(
        "reads a range of a file",
        arguments: [
            (.bounded(0..<1), 0..<1), (.bounded(10..<20), 10..<20),
            (.from(999_990), 999_990..<1_000_000),
            (.suffix(3), 999_997..<1_000_000), (.bounded(5..<Int64.max), 5..<1_000_000),
        ] as [(ByteRange, Range<Int>)]
    )
    func range(_ range: ByteRange, _ expected: Range<Int>) async throws {
        let bytes = pattern(1_000_000)
        let body = try await BlobBody.file(folder.file("a", bytes), range: range)
        #expect(body.byteCount == Int64(expected.count))
        #expect(try await body.collect(upTo: bytes.count) == Array(bytes[expected]))
    }

    @Test func aRangeBeyondTheEndIsAnError() async throws {
        let path = try folder.file("a", [1, 2])
        let error = try await #require(throws: BlobError.self) {
            _ = try await BlobBody.file(path, range: .from(2))
        }
        #expect(error.kind == .rangeNotSatisfiable)
        #expect(try openDescriptors(of: path) == 0)
    }

    @Test func whatIsNoRegularFileIsRefused() async throws {
        let fifo = "\(folder.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [folder.path, fifo, "/dev/null"] {
            let error = try await #require(throws: BlobError.self) {
                _ = try await BlobBody.file(path)
            }
            #expect(error.kind == .invalidArgument)
        }
        let missing = try await #require(throws: BlobError.self) {
            _ = try await BlobBody.file("\(folder.path)/none")
        }
        #expect(missing.kind == .notFound)
        let cut = try await #require(throws: BlobError.self) {
            _ = try await BlobBody.file("/etc/hostname\u{0}.png")
        }
        #expect(cut.kind == .invalidArgument)
    }

    @Test func theFileStaysOpenWhateverHappensToItsName() async throws {
        let bytes = pattern(600_000)
        let path = try folder.file("a", bytes)
        let body = try await BlobBody.file(path)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await body.collect(upTo: bytes.count) == bytes)
    }

    @Test func aFileThatIsCutMeanwhileIsAnError() async throws {
        let path = try folder.file("a", pattern(1_200_000))
        let body = try await BlobBody.file(path)
        try #require(truncate(path, 600_000) == 0)
        let error = try await #require(throws: BlobError.self) {
            _ = try await body.collect(upTo: 1_200_000)
        }
        #expect(error.kind == .corrupted)
    }

    @Test func aReadThatFailsIsABlobError() async throws {
        let number = open(try folder.file("a", [1]), O_WRONLY)
        try #require(number >= 0)
        let file = FileDescriptor(owning: number)
        let body = BlobBody(FileRange(file, offset: 0, byteCount: 1))
        let error = try await #require(throws: BlobError.self) {
            _ = try await body.collect(upTo: 1)
        }
        #expect(error.underlying as? SystemError == SystemError("pread", EBADF))
    }

    @Test func leavingTheLoopEarlyReleasesTheFile() async throws {
        let path = try folder.file("a", pattern(2_000_000))
        #expect(try openDescriptors(of: path) == 0)
        do {
            let body = try await BlobBody.file(path)
            #expect(try openDescriptors(of: path) == 1)
            for try await _ in body { break }
        }
        #expect(try openDescriptors(of: path) == 0)
    }

    @Test func readingAFileOftenOpensItOnce() async throws {
        let path = try folder.file("a", pattern(10))
        let body = try await BlobBody.file(path)
        for _ in 0..<5 { _ = try await body.collect(upTo: 10) }
        #expect(try openDescriptors(of: path) == 1)
        #expect(body.byteCount == 10)
    }

    @Test func twoReadersDoNotDisturbEachOther() async throws {
        let bytes = pattern(1_600_000)
        let body = try await BlobBody.file(folder.file("a", bytes))
        async let first = body.collect(upTo: bytes.count)
        async let second = body.collect(upTo: bytes.count)
        #expect(try await first == bytes)
        #expect(try await second == bytes)
    }

    @Test func aCancelledTaskStops() async throws {
        let body = try await BlobBody.file(folder.file("a", pattern(10)))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await body.makeAsyncIterator().next()
        }
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}

extension BlobBody.AsyncIterator {
    fileprivate func next() async throws -> [UInt8]? {
        var iterator = self
        return try await iterator.next(isolation: nil)
    }
}
