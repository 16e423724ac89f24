#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension BlobBody {
    /// Opens a file, or a range of it, as a body.
    ///
    /// The file is opened now and stays open as long as the body lives, so that a later change of
    /// its name does not matter.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - range: The bytes of the file; `nil` for all.
    /// - Returns: A body that can be read again.
    /// - Throws: ``BlobError`` of kind `notFound` or `permissionDenied` if it can't be opened,
    ///   `invalidArgument` if it is no regular file, `rangeNotSatisfiable`.
    public static func file(_ path: String, range: ByteRange? = nil) async throws -> BlobBody {
        try await BlockingThreads.shared.run {
            let file = try FileDescriptor.openRegularFile(path)
            let size = try file.byteCount()
            let bytes = try range?.resolved(inByteCount: size, operation: "open") ?? 0..<size
            return BlobBody(
                FileRange(file, offset: bytes.lowerBound, byteCount: Int64(bytes.count))
            )
        }
    }

    /// Creates a body of what can be read from a pipe, a socket or a terminal.
    ///
    /// - Parameters:
    ///   - descriptor: The open file to read from; it is not closed.
    ///   - byteCount: How many bytes there will be, if that is known.
    /// - Returns: A body that can be read once.
    /// - Complexity: Memory for one chunk.
    public static func reading(
        fromDescriptor descriptor: Int32,
        byteCount: Int64? = nil
    ) -> BlobBody {
        BlobBody(
            ChunkStream(isReplayable: false) { PipeChunkIterator(descriptor) },
            byteCount: byteCount,
            isReplayable: false
        )
    }

    /// Writes the body to a pipe, a socket, a terminal or a file, at its current position.
    ///
    /// - Parameter descriptor: The open file to write to; it is not closed.
    /// - Returns: How many bytes were written.
    /// - Throws: ``SystemError`` if it can't be written to, such as `EPIPE` of a pipe without a
    ///   reader, in a process that ignores `SIGPIPE`; `CancellationError`; what the body throws.
    /// - Complexity: Memory for one chunk.
    @discardableResult
    public func write(toDescriptor descriptor: Int32) async throws -> Int64 {
        var count: Int64 = 0
        for try await chunk in self {
            try await BlockingThreads.shared.run {
                try chunk.withUnsafeBytes { try writeAll($0, to: descriptor) }
            }
            count += Int64(chunk.count)
        }
        // A sequence may end early, without an error, when its reader is cancelled.
        try Task.checkCancellation()
        return count
    }
}

extension FileDescriptor {
    /// Opens a regular file to read it; never waits for the other end of a FIFO.
    fileprivate static func openRegularFile(_ path: String) throws -> FileDescriptor {
        guard !path.utf8.contains(0) else {
            let message = "the path \"\(EscapedText(path))\" has a NUL, where it would be cut"
            throw BlobError(.invalidArgument, operation: "open", message: message)
        }
        let number = ignoringInterrupts {
            open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        }
        guard number >= 0 else {
            throw BlobError(
                SystemError.last("open"),
                operation: "open",
                doing: "\"\(EscapedText(path))\""
            )
        }
        let file = FileDescriptor(owning: number)
        guard try file.isRegularFile() else {
            let message =
                "\"\(EscapedText(path))\" is no regular file; read a pipe with "
                + "BlobBody.reading(fromDescriptor:)"
            throw BlobError(.invalidArgument, operation: "open", message: message)
        }
        return file
    }

    private func status() throws -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw SystemError.last("fstat") }
        return status
    }

    fileprivate func byteCount() throws -> Int64 { Int64(try status().st_size) }

    fileprivate func isRegularFile() throws -> Bool { try status().st_mode & S_IFMT == S_IFREG }
}

/// Reads what a pipe has, in chunks as full as they come.
private final class PipeChunkIterator: ChunkIterator {
    /// Bytes of a chunk.
    ///
    /// A pipe holds 64 KiB at a time unless it was told otherwise; a chunk is
    /// filled up from several of those, so that few chunks change threads.
    private static let chunkByteCount = 512 << 10

    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        try Task.checkCancellation()
        let descriptor = descriptor
        let chunk = try await BlockingThreads.shared.run {
            try readChunk(Self.chunkByteCount, from: descriptor)
        }
        return chunk.isEmpty ? nil : chunk
    }
}

/// Reads until a chunk is full or there is no more.
private func readChunk(_ count: Int, from descriptor: Int32) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
            try waitUntilReady(descriptor, for: Int16(POLLIN))
            let result = read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
            if result < 0, errno == EINTR || errno == EAGAIN { continue }
            guard result >= 0 else { throw SystemError.last("read") }
            if result == 0 { break }
            filled += result
        }
    }
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // A pipe that is ready takes PIPE_BUF bytes at once; a longer write would wait for its reader.
    let step = isFile ? bytes.count : Int(PIPE_BUF)
    var written = 0
    while written < bytes.count {
        try waitUntilReady(descriptor, for: Int16(POLLOUT))
        let result = write(
            descriptor,
            bytes.baseAddress.map { $0 + written },
            min(step, bytes.count - written)
        )
        if result < 0, errno == EINTR || errno == EAGAIN { continue }
        guard result >= 0 else { throw SystemError.last("write") }
        written += result
    }
}

/// How long a wait for the other end goes on before it looks whether the task was cancelled.
private let cancellationCheckMilliseconds: Int32 = 100

/// Waits until a descriptor can be read from, or written to, without waiting.
///
/// The other end may never do anything; a cancelled task must not wait for it.
private func waitUntilReady(_ descriptor: Int32, for events: Int16) throws {
    while true {
        try Task.checkCancellation()
        var poller = pollfd(fd: descriptor, events: events, revents: 0)
        let result = poll(&poller, 1, cancellationCheckMilliseconds)
        if result > 0 { return }
        guard result == 0 || errno == EINTR else { throw SystemError.last("poll") }
    }
}
