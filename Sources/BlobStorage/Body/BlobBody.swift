/// The bytes of a blob, on their way in or out.
///
/// A body is an asynchronous sequence of chunks, fetched as they are read: memory is bounded by a
/// chunk or two, whatever the blob's size and the reader's speed. Leaving the loop early ends the
/// transfer.
///
///     for try await chunk in blob.body { try await response.write(chunk) }
///
/// A body made of bytes or of a file can be read again; one made of a sequence only once, unless
/// it says otherwise.
public struct BlobBody: Sendable {
    enum Source: Sendable {
        case bytes([UInt8])
        case file(FileRange)
        case stream(ChunkStream)
    }

    let source: Source

    /// How many bytes there are; `nil` if nobody knows yet.
    public let byteCount: Int64?

    /// Whether the body can be read more than once; a store that has to try again needs it.
    public let isReplayable: Bool

    /// Creates a body of bytes in memory.
    ///
    /// - Parameter bytes: The bytes.
    public init(_ bytes: [UInt8]) {
        source = .bytes(bytes)
        byteCount = Int64(bytes.count)
        isReplayable = true
    }

    /// Creates a body of chunks that are made as they are read.
    ///
    /// - Parameters:
    ///   - chunks: The chunks; each is asked for when the one before has been taken.
    ///   - byteCount: How many bytes the chunks have together, if that is known. A sequence that
    ///     delivers more or fewer makes the write fail.
    ///   - isReplayable: Whether `chunks` gives the same bytes each time it is iterated.
    public init<Chunks: AsyncSequence & Sendable>(
        _ chunks: Chunks,
        byteCount: Int64? = nil,
        isReplayable: Bool = false
    ) where Chunks.Element == [UInt8] {
        source = .stream(
            ChunkStream(isReplayable: isReplayable) {
                TypedChunkIterator(chunks.makeAsyncIterator())
            }
        )
        self.byteCount = byteCount
        self.isReplayable = isReplayable
    }

    /// Creates a body of a range of an open file.
    package init(_ file: FileRange) {
        source = .file(file)
        byteCount = file.byteCount
        isReplayable = true
    }

    /// The range of an open file that the body is made of, for stores that can copy inside the
    /// kernel.
    package var fileRange: FileRange? {
        guard case .file(let file) = source else { return nil }
        return file
    }

    /// The bytes, if the body has them in memory.
    package var bytesInMemory: [UInt8]? {
        guard case .bytes(let bytes) = source else { return nil }
        return bytes
    }
}

extension BlobBody: AsyncSequence {
    /// A run of bytes.
    public typealias Element = [UInt8]

    /// Reads a body chunk by chunk.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let chunks: ChunkIterator

        init(_ chunks: ChunkIterator) {
            self.chunks = chunks
        }

        /// The next chunk; `nil` at the end.
        public mutating func next() async throws -> [UInt8]? {
            try await chunks.next(isolation: nil)
        }

        /// The next chunk; `nil` at the end.
        ///
        /// - Throws: ``BlobError``, or what the sequence behind the body throws.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> [UInt8]? {
            try await chunks.next(isolation: actor)
        }
    }

    /// Begins to read the body.
    public func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .bytes(let bytes): AsyncIterator(OneChunkIterator(bytes))
        case .file(let file): AsyncIterator(FileChunkIterator(file))
        case .stream(let stream): AsyncIterator(stream.makeIterator())
        }
    }
}

/// An iterator belongs to the one task that reads.
@available(*, unavailable)
extension BlobBody.AsyncIterator: Sendable {}
