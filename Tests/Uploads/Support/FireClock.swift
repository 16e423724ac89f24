package import Foundation
import Glibc

/// The time that all processes of a run share: the system's, moved on by as many steps as a file has
/// bytes.
///
/// To move it is to append, so nothing is lost of two processes that do it at once, and it never goes
/// back.
package struct FireClock: Sendable {
    /// How far one byte moves the time.
    package static let step: TimeInterval = 600

    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// The time.
    package func now() -> Date {
        var status = stat()
        let count = stat(path, &status) == 0 ? Double(status.st_size) : 0
        return Date(timeIntervalSinceNow: count * Self.step)
    }

    /// Moves the time on.
    package func advance(steps: Int) throws {
        try AppendingFile(path: path).append([UInt8](repeating: 0x2B, count: steps))
    }
}

/// A file to whose end several processes write, each piece in one call: what is written survives the
/// process, whole.
package final class AppendingFile: Sendable {
    private let descriptor: Int32

    package init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    deinit {
        close(descriptor)
    }

    package func append(_ bytes: [UInt8]) throws {
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }
}
