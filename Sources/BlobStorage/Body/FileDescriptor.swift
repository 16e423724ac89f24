#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// An open file that is closed when nobody holds it any more.
package final class FileDescriptor: Sendable {
    /// The system's number for the file.
    package let number: Int32

    /// Takes over an open file.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Reads bytes at an offset: `count` of them, fewer only at the file's end.
    package func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
        // An array without room is one that all threads share, and this would write its count.
        guard count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }

    /// Fills a buffer with bytes at an offset.
    ///
    /// - Returns: How many bytes there were, fewer than fit only at the file's end.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let room = buffer.baseAddress.map { $0 + filled }
            let result = pread(number, room, buffer.count - filled, off_t(offset) + off_t(filled))
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw SystemError.last("pread") }
            if result == 0 { break }
            filled += result
        }
        return filled
    }

    /// Writes all bytes at an offset.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let result = pwrite(
                number,
                rest.baseAddress,
                rest.count,
                off_t(offset) + off_t(written)
            )
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw SystemError.last("pwrite") }
            // A write takes nothing only if nothing was asked; a loop must not trust that.
            guard result > 0 else { throw SystemError("pwrite", ENOSPC) }
            written += result
        }
    }
}
