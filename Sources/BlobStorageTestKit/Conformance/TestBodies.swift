import BlobStorage

/// Chunks that count how many of them were taken.
struct CountedChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    private let chunks: [[UInt8]]
    private let taken = Locked(0)

    init(_ chunks: [[UInt8]]) {
        self.chunks = chunks
    }

    var chunksTaken: Int { taken.withLock(\.self) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: ArraySlice<[UInt8]>
        fileprivate let taken: Locked<Int>

        mutating func next() async throws -> [UInt8]? {
            guard let chunk = chunks.popFirst() else { return nil }
            taken.withLock { $0 += 1 }
            return chunk
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: chunks[...], taken: taken)
    }
}

/// An error that no store knows.
struct BodyFailure: Error, Equatable {
    var number: Int
}

/// Chunks that end with an error.
struct FailingChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    var chunks: [[UInt8]]
    var failure: BodyFailure

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: ArraySlice<[UInt8]>
        fileprivate let failure: BodyFailure

        mutating func next() async throws -> [UInt8]? {
            guard let chunk = chunks.popFirst() else { throw failure }
            return chunk
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: chunks[...], failure: failure)
    }
}

/// Some chunks, and then none until the task that reads is cancelled.
struct StuckChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    /// How long a store may take to notice that its caller was cancelled.
    private static let patience = Duration.seconds(20)

    let chunks: [[UInt8]]
    /// Called when the chunks are used up.
    let isStuck: @Sendable () -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var chunks: ArraySlice<[UInt8]>
        fileprivate let isStuck: @Sendable () -> Void

        mutating func next() async throws -> [UInt8]? {
            if let chunk = chunks.popFirst() { return chunk }
            isStuck()
            try await Task.sleep(for: StuckChunks.patience)
            throw Mismatch(expected: "the body to be cancelled", found: "that it was not")
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: chunks[...], isStuck: isStuck)
    }
}

extension BlobBody {
    /// A body that can be read once, of chunks of one size.
    static func stream(
        _ bytes: [UInt8],
        chunkByteCount: Int = 64 << 10,
        byteCount: Int64? = nil
    ) -> BlobBody {
        BlobBody(CountedChunks(bytes.cut(into: chunkByteCount)), byteCount: byteCount)
    }
}

extension [UInt8] {
    /// The bytes in runs of one size, the last one shorter.
    func cut(into chunkByteCount: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: chunkByteCount).map { start in
            Array(self[start..<Swift.min(start + chunkByteCount, count)])
        }
    }
}
