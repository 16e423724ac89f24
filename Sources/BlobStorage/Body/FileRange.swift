/// A range of an open file, which stays the same file whatever happens to its name.
package struct FileRange: Sendable {
    package let descriptor: FileDescriptor
    /// Where the range begins, in bytes from the file's beginning.
    package let offset: Int64
    package let byteCount: Int64

    package init(_ descriptor: FileDescriptor, offset: Int64, byteCount: Int64) {
        self.descriptor = descriptor
        self.offset = offset
        self.byteCount = byteCount
    }

    /// Reads the whole range into memory; a blocking call.
    func readAll() throws -> [UInt8] {
        let count = Int(byteCount)
        // An array without room is one that all threads share, and this would write its count.
        guard count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                try Task.checkCancellation()
                let end = min(count, filled + Self.stepByteCount)
                let room = UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[filled..<end])
                )
                let start = offset + Int64(filled)
                let result = try Self.mapping { try descriptor.read(into: room, at: start) }
                guard result > 0 else { throw cut(after: Int64(filled)) }
                filled += result
            }
        }
    }

    /// Bytes that are read between two looks at whether the task was cancelled.
    private static let stepByteCount = 16 << 20

    /// Calls `read`, and makes an error of the system one of the body.
    static func mapping<Result>(_ read: () throws -> Result) throws -> Result {
        do {
            return try read()
        } catch let error as SystemError {
            throw BlobError(error, operation: "body")
        }
    }

    /// The error of a file that ended before the range did.
    func cut(after count: Int64) -> BlobError {
        let message =
            "the file ended \(byteCount - count) bytes early; it was cut while it was read"
        return BlobError(.corrupted, operation: "body", message: message)
    }
}

/// Reads a range of an open file, a chunk at a time, on the threads for blocking calls.
final class FileChunkIterator: ChunkIterator {
    /// Bytes of a chunk.
    ///
    /// Measured: the way to another thread and back costs about 10 µs, and half a
    /// MiB takes 10 times that to read.
    private static let chunkByteCount = 512 << 10

    private let range: FileRange
    private var count: Int64 = 0

    init(_ range: FileRange) {
        self.range = range
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        try Task.checkCancellation()
        guard count < range.byteCount else { return nil }
        let wanted = Int(min(Int64(Self.chunkByteCount), range.byteCount - count))
        let (descriptor, start) = (range.descriptor, range.offset + count)
        let chunk = try await BlockingThreads.shared.run {
            try FileRange.mapping { try descriptor.read(wanted, at: start) }
        }
        guard !chunk.isEmpty else { throw range.cut(after: count) }
        count += Int64(chunk.count)
        return chunk
    }
}
