/// Chunks of a request's body on their way to the loop.
struct UploadQueue {
    /// From how many bytes on the one who feeds has to wait: two of libcurl's buffers.
    static let waitingByteCount = 1 << 20
    /// The same in chunks, since a chunk costs memory beside its bytes.
    static let waitingChunkCount = 64

    /// What the loop finds when it asks for bytes.
    enum Next {
        case chunk([UInt8])
        /// Nothing yet: the loop pauses until it is told to go on.
        case nothing
        case end
    }

    private var chunks: [[UInt8]] = []
    private var byteCount = 0
    /// Whether no more chunks come.
    var isEnded = false
    /// Whether the loop pauses until there are chunks.
    var isStarved = false
    /// Whether nobody wants the rest.
    private(set) var isStopped = false

    var hasRoom: Bool {
        byteCount < Self.waitingByteCount && chunks.count < Self.waitingChunkCount
    }

    mutating func append(_ chunk: [UInt8]) {
        guard !isStopped, !chunk.isEmpty else { return }
        byteCount += chunk.count
        chunks.append(chunk)
    }

    /// Takes the oldest chunk.
    mutating func takeFirst() -> Next {
        guard !isStopped else { return .nothing }
        guard !chunks.isEmpty else {
            if isEnded { return .end }
            isStarved = true
            return .nothing
        }
        let chunk = chunks.removeFirst()
        byteCount -= chunk.count
        return .chunk(chunk)
    }

    /// Drops the rest.
    mutating func stop() {
        chunks = []
        byteCount = 0
        isStopped = true
    }
}
