import CBlobStorageSystem

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
    /// - Throws: ``BlobError`` of kind `invalidArgument` if there is no such file, it can't be
    ///   opened, or is no regular file; `rangeNotSatisfiable`.
    public static func file(_ path: String, range: ByteRange? = nil) async throws -> BlobBody {
        try await BlockingThreads.shared.run {
            let file = try FileDescriptor.openRegularFile(path)
            let size = Int64(try file.status(path).st_size)
            // Files that the kernel makes up, such as those in /proc, have no size and yet bytes.
            if size == 0, range == nil, try !file.read(1, at: 0).isEmpty {
                return BlobBody(
                    ChunkStream(isReplayable: false) { OpenFileIterator(file) },
                    byteCount: nil,
                    isReplayable: false
                )
            }
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
        if let file = fileRange,
            try await BlockingThreads.shared.run({ try splice(file, to: descriptor) })
        {
            return file.byteCount
        }
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
            throw BlobError(SystemError.last("open"), localFile: path, operation: "open")
        }
        let file = FileDescriptor(owning: number)
        guard try file.status(path).st_mode & S_IFMT == S_IFREG else {
            let message =
                "\"\(EscapedText(path))\" is no regular file; read a pipe with "
                + "BlobBody.reading(fromDescriptor:)"
            throw BlobError(.invalidArgument, operation: "open", message: message)
        }
        return file
    }

    fileprivate func status(_ path: String) throws -> stat {
        var status = stat()
        guard ignoringInterrupts({ fstat(number, &status) }) == 0 else {
            throw BlobError(SystemError.last("fstat"), localFile: path, operation: "open")
        }
        return status
    }
}

/// Reads an open file from its beginning to wherever it ends.
private final class OpenFileIterator: ChunkIterator {
    private let file: FileDescriptor
    private let chunks: PipeChunkIterator

    init(_ file: FileDescriptor) {
        self.file = file
        chunks = PipeChunkIterator(file.number)
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        try await chunks.next(isolation: actor)
    }
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

/// Puts a file into a pipe inside the kernel.
///
/// - Returns: `false` if the descriptor is no pipe, or the file can't do that; nothing was written.
private func splice(_ file: FileRange, to descriptor: Int32) throws -> Bool {
    /// The most bytes at once; a pipe takes as much as it has room for, usually 64 KiB.
    let step: Int64 = 1 << 20
    var written: Int64 = 0
    while written < file.byteCount {
        try Task.checkCancellation()
        let result = cblobstorage_splice_to_pipe(
            file.descriptor.number,
            file.offset + written,
            descriptor,
            Int(min(step, file.byteCount - written))
        )
        guard result < 0 else {
            guard result > 0 else { throw file.cut(after: written) }
            written += Int64(result)
            continue
        }
        let error = SystemError.last("splice")
        switch error.code {
        case EINTR: continue
        case EAGAIN: try waitUntilReady(descriptor, for: Int16(POLLOUT))
        default:
            // A write will do, or say what is wrong.
            guard written == 0, [EINVAL, ENOSYS, EBADF].contains(error.code) else { throw error }
            return false
        }
    }
    return true
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    var canNotWait = !isFile
    var written = 0
    while written < bytes.count {
        try Task.checkCancellation()
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        var result: Int
        if canNotWait {
            result = cblobstorage_write_no_wait(descriptor, rest.baseAddress, rest.count)
        } else {
            // What is ready takes PIPE_BUF bytes at once; a longer write would wait for a reader.
            let step = isFile ? rest.count : min(rest.count, Int(PIPE_BUF))
            try waitUntilReady(descriptor, for: Int16(POLLOUT))
            result = write(descriptor, rest.baseAddress, step)
        }
        guard result < 0 else {
            written += result
            continue
        }
        let error = SystemError.last("write")
        switch error.code {
        case EINTR: continue
        case EAGAIN: try waitUntilReady(descriptor, for: Int16(POLLOUT))
        case EOPNOTSUPP, ENOSYS, EINVAL, ESPIPE:
            // A terminal, or an old kernel.
            guard canNotWait else { throw error }
            canNotWait = false
        default: throw error
        }
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
