import BlobStorage
import Glibc

/// Somebody closed the pipe that the results go to, such as `head`.
struct BrokenPipe: Error {}

/// The streams that the process was given.
enum StandardStream {
    /// How long to wait for the reader of results that are left when the work was ended.
    private static let patienceMilliseconds: Int32 = 200

    /// Takes the numbers of streams that the process was started without, so that nothing else does.
    ///
    /// What stands there can't be used the way the stream would be: it fails with `EBADF`, as the
    /// closed stream itself.
    static func reserve() {
        for (number, flags) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
        ] where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is taken, which is this one.
            _ = open("/dev/null", flags)
        }
    }

    /// Whether there is a standard input that can be read.
    static var hasInput: Bool {
        let flags = fcntl(STDIN_FILENO, F_GETFL)
        return flags >= 0 && flags & O_ACCMODE != O_WRONLY
    }

    /// Writes a body.
    ///
    /// - Throws: ``BrokenPipe`` if nobody reads it any more; ``PlacedError``.
    static func write(_ body: BlobBody, to descriptor: Int32) async throws {
        do {
            try await body.write(toDescriptor: descriptor)
        } catch let error as SystemError {
            throw failure(error)
        }
    }

    /// Writes text about what goes on to the standard error; it is lost if nobody can see it.
    static func log(_ text: String) {
        try? write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Writes the tool's own text to the standard output.
    ///
    /// - Throws: ``BrokenPipe`` if nobody reads it any more; ``PlacedError``.
    static func print(_ text: String) throws {
        do {
            try write(Array(text.utf8), to: STDOUT_FILENO)
        } catch {
            throw failure(error)
        }
    }

    /// Writes results that are left when the work was ended; a reader that is busy misses the rest.
    static func printLeftover(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var poller = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&poller, 1, patienceMilliseconds) > 0 else { return }
            // As many as a pipe that is ready takes without waiting.
            let step = rest.prefix(Int(PIPE_BUF))
            guard (try? write(Array(step), to: STDOUT_FILENO)) != nil else { return }
            rest = rest.dropFirst(step.count)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write", errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ error: SystemError) -> any Error {
        guard error.code != EPIPE else { return BrokenPipe() }
        let kind: BlobError.Kind =
            switch error.code {
            case ENOSPC, EDQUOT: .outOfSpace
            case EFBIG: .tooLarge
            case EBADF: .closed
            default: .unavailable
            }
        return PlacedError(
            BlobError(
                kind,
                operation: "write",
                message: "the output can't be written: \(error)",
                underlying: error
            ),
            at: .localFile
        )
    }
}
