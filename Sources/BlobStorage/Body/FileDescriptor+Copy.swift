import CBlobStorageSystem

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension FileDescriptor {
    /// Bytes of one step of a copy, after which a cancelled task stops.
    private static let copyStepByteCount: Int64 = 64 << 20

    /// Bytes of the buffer where the kernel can't copy by itself.
    private static let bufferByteCount: Int64 = 256 << 10

    /// Copies a range of an open file into this one, inside the kernel where it can.
    ///
    /// - Parameters:
    ///   - range: What to copy.
    ///   - offset: Where to put it, in bytes from this file's beginning.
    /// - Throws: ``SystemError``; `CancellationError` if the task was cancelled; ``BlobError`` of
    ///   kind `corrupted` if the source ends early.
    package func copy(_ range: FileRange, to offset: Int64) throws {
        var copied: Int64 = 0
        var kernelCopies = true
        while copied < range.byteCount {
            try Task.checkCancellation()
            let step = min(Self.copyStepByteCount, range.byteCount - copied)
            if kernelCopies {
                let result = cblobstorage_copy_file_range(
                    range.descriptor.number,
                    range.offset + copied,
                    number,
                    offset + copied,
                    Int(step)
                )
                if result < 0, errno == EINTR { continue }
                if result < 0 {
                    // Another file system, or one that can't, or a sandbox that does not know the
                    // call: the same bytes go through memory.
                    guard [EXDEV, ENOSYS, EOPNOTSUPP, EINVAL, EBADF, EPERM].contains(errno) else {
                        throw SystemError.last("copy_file_range")
                    }
                    kernelCopies = false
                    continue
                }
                // Some file systems answer 0 where a read would not; the read tells the truth.
                if result == 0 { kernelCopies = false }
                copied += Int64(result)
                continue
            }
            let count = Int(min(Self.bufferByteCount, step))
            let bytes = try range.descriptor.read(count, at: range.offset + copied)
            guard !bytes.isEmpty else {
                let message = "the file ended \(range.byteCount - copied) bytes early"
                throw BlobError(.corrupted, operation: "copy", message: message)
            }
            try bytes.withUnsafeBytes { try write($0, at: offset + copied) }
            copied += Int64(bytes.count)
        }
    }
}
