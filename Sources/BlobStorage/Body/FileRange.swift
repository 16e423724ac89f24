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
}

/// Reads a range of an open file, a chunk at a time, on the threads for blocking calls.
final class FileChunkIterator: ChunkIterator {
    /// Bytes of a chunk.
    ///
    /// Measured: the way to another thread and back costs about 10 µs, and half a
    /// MiB takes 10 times that to read.
    private static let chunkByteCount = 512 << 10

    private let descriptor: FileDescriptor
    private var offset: Int64
    private let end: Int64

    init(_ range: FileRange) {
        descriptor = range.descriptor
        offset = range.offset
        end = range.offset + range.byteCount
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        try Task.checkCancellation()
        guard offset < end else { return nil }
        let count = Int(min(Int64(Self.chunkByteCount), end - offset))
        let (descriptor, start) = (descriptor, offset)
        let chunk = try await BlockingThreads.shared.run {
            do {
                return try descriptor.read(count, at: start)
            } catch let error as SystemError {
                throw BlobError(error, operation: "body", doing: "the file can't be read")
            }
        }
        guard !chunk.isEmpty else {
            let message = "the file ended \(end - offset) bytes early; it was cut while it was read"
            throw BlobError(.corrupted, operation: "body", message: message)
        }
        offset += Int64(chunk.count)
        return chunk
    }
}
