import BlobStorage
import Glibc

/// Opens what is no regular file, such as a FIFO, without a thread that waits for its other end: the
/// open could not be cancelled.
enum LocalStream {
    /// How long until it is looked again whether a FIFO has a reader.
    private static let interval = Duration.milliseconds(20)

    /// Opens a stream to read it.
    ///
    /// A FIFO need not have a writer yet; whoever reads its body waits for one.
    static func openToRead(_ path: String) throws(SystemError) -> Int32 {
        try open(path, O_RDONLY)
    }

    /// Opens a stream to write to it; waits until a FIFO has a reader.
    ///
    /// - Throws: ``SystemError``; `CancellationError`.
    static func openToWrite(_ path: String) async throws -> Int32 {
        while true {
            do {
                return try open(path, O_WRONLY)
            } catch {
                guard error.code == ENXIO, isFIFO(path) else { throw error }
            }
            try await Task.sleep(for: interval)
        }
    }

    private static func open(_ path: String, _ access: Int32) throws(SystemError) -> Int32 {
        let descriptor = Glibc.open(path, access | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", errno) }
        // Only the open must not wait.
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0 else {
            let error = SystemError("fcntl", errno)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func isFIFO(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }
}
