import BlobStorage
import Foundation
import Testing

@Suite struct PipeBodyTests {
    /// Both ends of a pipe; each is closed when it is taken and goes.
    private struct Pipe {
        var readEnd: Int32
        var writeEnd: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            let status = pipe(&ends)
            try #require(status == 0)
            (readEnd, writeEnd) = (ends[0], ends[1])
        }
    }

    @Test("carries bytes through a pipe", arguments: [0, 1, 65_536, 65_537, 3_000_000])
    func roundTrip(_ count: Int) async throws {
        let pipe = try Pipe()
        let bytes = pattern(count)
        async let written = {
            defer { close(pipe.writeEnd) }
            return try await BlobBody(bytes).write(toDescriptor: pipe.writeEnd)
        }()
        let body = BlobBody.reading(fromDescriptor: pipe.readEnd)
        #expect(body.byteCount == nil && !body.isReplayable)
        #expect(try await body.collect(upTo: count) == bytes)
        #expect(try await written == Int64(count))
        close(pipe.readEnd)
    }

    @Test(.timeLimit(.minutes(10)))
    func waitingForOnePipeHoldsUpNoOther() async throws {
        // More than there are threads, and each reader's writer needs one, too.
        let pipes = try (0..<40).map { _ in try Pipe() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pipe in pipes {
                group.addTask {
                    let body = BlobBody.reading(fromDescriptor: pipe.readEnd)
                    let bytes = try await body.collect(upTo: 9)
                    #expect(bytes == [1, 2, 3])
                }
            }
            for pipe in pipes.reversed() {
                group.addTask {
                    // Not before the readers wait.
                    for _ in 0..<100 { await Task.yield() }
                    try await BlobBody([1, 2, 3]).write(toDescriptor: pipe.writeEnd)
                    close(pipe.writeEnd)
                }
            }
            try await group.waitForAll()
        }
        for pipe in pipes { close(pipe.readEnd) }
    }

    @Test func worksOnDescriptorsThatDoNotBlock() async throws {
        let pipe = try Pipe()
        for end in [pipe.readEnd, pipe.writeEnd] {
            try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0)
        }
        let bytes = pattern(1_000_000)
        async let written = {
            defer { close(pipe.writeEnd) }
            return try await BlobBody(bytes).write(toDescriptor: pipe.writeEnd)
        }()
        let body = BlobBody.reading(fromDescriptor: pipe.readEnd)
        #expect(try await body.collect(upTo: bytes.count) == bytes)
        #expect(try await written == Int64(bytes.count))
        close(pipe.readEnd)
    }

    @Test func smallWritesAreGatheredIntoOneChunk() async throws {
        let pipe = try Pipe()
        for byte in 0..<100 { #expect(write(pipe.writeEnd, [UInt8(byte)], 1) == 1) }
        close(pipe.writeEnd)
        var iterator = BlobBody.reading(fromDescriptor: pipe.readEnd).makeAsyncIterator()
        #expect(try await iterator.next() == (0..<100).map { UInt8($0) })
        #expect(try await iterator.next() == nil)
        close(pipe.readEnd)
    }

    @Test func theDescriptorIsLeftOpen() async throws {
        let pipe = try Pipe()
        close(pipe.writeEnd)
        _ = try await BlobBody.reading(fromDescriptor: pipe.readEnd).collect(upTo: 1)
        #expect(fcntl(pipe.readEnd, F_GETFD) >= 0)
        close(pipe.readEnd)
    }

    @Test func aPipeIsReadOnce() async throws {
        let pipe = try Pipe()
        close(pipe.writeEnd)
        let body = BlobBody.reading(fromDescriptor: pipe.readEnd, byteCount: 0)
        #expect(body.byteCount == 0)
        for try await _ in body {}
        let error = try await #require(throws: BlobError.self) { for try await _ in body {} }
        #expect(error.kind == .closed)
        close(pipe.readEnd)
    }

    @Test func aPipeThatNobodyReadsIsAnError() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        close(pipe.readEnd)
        let error = try await #require(throws: SystemError.self) {
            try await BlobBody([1]).write(toDescriptor: pipe.writeEnd)
        }
        #expect(error.code == EPIPE)
        close(pipe.writeEnd)
    }

    @Test func aDescriptorThatIsNotOpenIsAnError() async throws {
        let reading = try await #require(throws: SystemError.self) {
            _ = try await BlobBody.reading(fromDescriptor: 99_999).collect(upTo: 1)
        }
        #expect(reading.code == EBADF)
        let writing = try await #require(throws: SystemError.self) {
            try await BlobBody([1]).write(toDescriptor: 99_999)
        }
        #expect(writing.code == EBADF)
    }

    @Test(.timeLimit(.minutes(10)))
    func aCancelledReaderDoesNotWaitForTheOtherEnd() async throws {
        let pipe = try Pipe()
        let task = Task {
            _ = try await BlobBody.reading(fromDescriptor: pipe.readEnd).collect(upTo: 1)
        }
        // It waits, or will; nothing is ever written.
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        close(pipe.writeEnd)
        close(pipe.readEnd)
    }

    @Test(.timeLimit(.minutes(10)))
    func aReaderThatWaitsInTheSystemIsCancelled() async throws {
        let pipe = try Pipe()
        let task = Task {
            for try await chunk in BlobBody.reading(fromDescriptor: pipe.readEnd) {
                Issue.record("got \(chunk.count) bytes")
            }
        }
        // One byte does not fill a chunk, so the reader takes it and waits on.
        #expect(write(pipe.writeEnd, [1], 1) == 1)
        var waiting: Int32 = 1
        while waiting > 0 {
            try #require(ioctl(pipe.readEnd, UInt(FIONREAD), &waiting) == 0)
            await Task.yield()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        close(pipe.writeEnd)
        close(pipe.readEnd)
    }

    @Test(.timeLimit(.minutes(10)))
    func aWriterThatNobodyReadsFromIsCancelled() async throws {
        let pipe = try Pipe()
        // What a pipe holds, by pipe(7).
        let capacity = 65_536
        let task = Task {
            try await BlobBody(pattern(4_000_000)).write(toDescriptor: pipe.writeEnd)
        }
        var waiting: Int32 = 0
        while waiting < Int32(capacity) {
            try #require(ioctl(pipe.readEnd, UInt(FIONREAD), &waiting) == 0)
            await Task.yield()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        close(pipe.writeEnd)
        close(pipe.readEnd)
    }
}
