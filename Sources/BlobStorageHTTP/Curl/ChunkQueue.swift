/// Bytes of an answer's body that wait for their reader, in chunks.
///
/// libcurl hands over 16 KiB at most; the reader gets what came together, up to the chunk's limit,
/// since each time that it is woken costs as much as copying 100 KiB.
struct ChunkQueue {
    /// The most bytes of a chunk: half of that costs 1.2 times the time of a long body.
    static let chunkByteCount = 512 << 10

    private var full: [[UInt8]] = []
    private var tail: [UInt8] = []
    private var isTailReady = false
    private(set) var byteCount = 0

    /// Adds bytes behind the others.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - expectedByteCount: How many bytes there will be, with these, if that is known.
    mutating func append(_ bytes: UnsafeRawBufferPointer, expectedByteCount: Int64?) {
        if !tail.isEmpty, tail.count + bytes.count > Self.chunkByteCount { closeTail() }
        if tail.isEmpty, let expectedByteCount {
            let count = min(max(expectedByteCount, Int64(bytes.count)), Int64(Self.chunkByteCount))
            tail.reserveCapacity(Int(count))
        }
        tail.append(contentsOf: bytes)
        byteCount += bytes.count
        if tail.count == Self.chunkByteCount { closeTail() }
    }

    private mutating func closeTail() {
        full.append(tail)
        tail = []
        isTailReady = false
    }

    /// Lets the reader have the last chunk as it is.
    mutating func flush() {
        isTailReady = !tail.isEmpty
    }

    /// Whether there is a chunk for the reader.
    var hasChunk: Bool { !full.isEmpty || isTailReady }

    /// Whether there is a chunk that grows no more.
    var hasFullChunk: Bool { !full.isEmpty }

    /// How many chunks there are, if all are taken.
    var chunkCount: Int { full.count + (tail.isEmpty ? 0 : 1) }

    /// Takes the oldest chunk.
    mutating func takeFirst() -> [UInt8]? {
        // There are only a few, so that moving them costs nothing.
        if !full.isEmpty {
            byteCount -= full[0].count
            return full.removeFirst()
        }
        guard isTailReady else { return nil }
        var chunk: [UInt8] = []
        swap(&chunk, &tail)
        isTailReady = false
        byteCount -= chunk.count
        return chunk
    }

    /// Drops all bytes.
    mutating func removeAll() {
        self = ChunkQueue()
    }
}
