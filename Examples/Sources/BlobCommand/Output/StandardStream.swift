import BlobStorage
import Glibc

/// Somebody closed the pipe that the results go to, such as `head`.
struct BrokenPipe: Error {}

/// The streams that the process was given.
enum StandardStream {
    /// Writes a body.
    ///
    /// - Throws: ``BrokenPipe`` if nobody reads it any more.
    static func write(_ body: BlobBody, to descriptor: Int32) async throws {
        do {
            try await body.write(toDescriptor: descriptor)
        } catch let error as SystemError where error.code == EPIPE {
            throw BrokenPipe()
        } catch let error as SystemError {
            throw BlobError(
                .unavailable,
                operation: "write",
                message: "the output can't be written: \(error)",
                underlying: error
            )
        }
    }

    /// Writes text about what goes on to the standard error; it is lost if nobody can see it.
    static func log(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes the tool's own text to the standard output.
    static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
