internal import BlobStorage

/// How many bytes the parts of one body have.
enum PartSizes: Sendable {
    case plan(PartPlan)
    case schedule(PartSchedule)

    /// The most bytes of the next part; asked for only when there is another byte.
    mutating func next(operation: String, key: BlobKey) throws -> Int {
        switch self {
        case .plan(let plan): return Int(plan.partByteCount)
        case .schedule(var schedule):
            let size = try schedule.next(operation: operation, key: key)
            self = .schedule(schedule)
            return Int(size)
        }
    }
}

/// Reads a body part by part.
struct PartReader {
    /// A part of the body.
    struct Part {
        let bytes: [UInt8]
        /// Whether the body ends with it.
        let isLast: Bool
    }

    private var sizes: PartSizes
    private var chunks: BlobBody.AsyncIterator
    private var counter: BodyCounter
    private var pending: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(_ body: BlobBody, _ sizes: PartSizes, limit: Int64, key: BlobKey) {
        self.sizes = sizes
        chunks = body.makeAsyncIterator()
        counter = BodyCounter(body, operation: "put", key: key, limit: limit)
    }

    /// The next part; `nil` at the end, and at once if the body is empty.
    ///
    /// - Parameter spare: A part that is done with, whose memory is used again if nobody else has it:
    ///   malloc would keep as much memory of freed parts as of those in use.
    /// - Returns: The part.
    /// - Throws: What the body throws, or a `BlobError` if its length is wrong or it is too large.
    mutating func next(reusing spare: consuming [UInt8] = []) async throws -> Part? {
        try await refill()
        guard !pending.isEmpty else { return nil }
        let room = try sizes.next(operation: counter.operation, key: counter.key)
        var bytes = spare
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(room)
        while bytes.count < room, !pending.isEmpty {
            let piece = pending.prefix(room - bytes.count)
            bytes.append(contentsOf: piece)
            pending = pending.dropFirst(piece.count)
            try await refill()
        }
        return Part(bytes: bytes, isLast: pending.isEmpty)
    }

    /// Sees to it that there is a byte more, unless the body is at its end.
    private mutating func refill() async throws {
        while pending.isEmpty, !isAtEnd {
            // What is left of an empty slice would keep its chunk alive.
            pending = []
            do {
                guard let chunk = try await chunks.next() else {
                    try counter.finish()
                    isAtEnd = true
                    return
                }
                try counter.add(chunk.count)
                pending = chunk[...]
            } catch {
                throw counter.mapped(error)
            }
        }
    }
}
