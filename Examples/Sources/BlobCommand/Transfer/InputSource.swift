import BlobStorage
import Glibc

/// Where the bytes of a put come from.
enum InputSource {
    case file(String)
    case standardInput

    /// Reads the FILE operand.
    ///
    /// - Throws: ``UsageError`` if nothing is named and somebody would have to type.
    init(argument: String?) throws {
        switch argument {
        case "-": self = .standardInput
        case let path?: self = .file(path)
        case nil:
            guard isatty(STDIN_FILENO) == 0 else {
                throw UsageError("FILE is missing; give - to read from the terminal")
            }
            self = .standardInput
        }
    }

    /// Opens the source; nothing is read yet.
    func body() async throws -> BlobBody {
        switch self {
        case .file(let path):
            guard Self.kind(of: path) == .stream else { return try await BlobBody.file(path) }
            // A FIFO, or a descriptor that the shell named (`<(command)`). It stays open to the end
            // of the process, which puts one blob.
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(path) }
            return BlobBody.reading(fromDescriptor: descriptor)
        case .standardInput:
            return BlobBody.reading(
                fromDescriptor: STDIN_FILENO,
                byteCount: Self.remainingByteCount(of: STDIN_FILENO)
            )
        }
    }

    private enum Kind {
        case file
        case stream
    }

    /// What lies at a path; what can't be looked at fails when it is opened.
    private static func kind(of path: String) -> Kind {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return .file }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) ? .file : .stream
    }

    /// What is left of a file that was redirected to us; `nil` for a pipe.
    private static func remainingByteCount(of descriptor: Int32) -> Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        let position = lseek(descriptor, 0, SEEK_CUR)
        guard position >= 0 else { return nil }
        return max(0, Int64(status.st_size) - Int64(position))
    }

    private static func failure(_ path: String) -> BlobError {
        let error = SystemError("open", errno)
        return BlobError(
            .unavailable,
            operation: "open",
            message: "\"\(DisplayText(path))\": \(error)",
            underlying: error
        )
    }
}
