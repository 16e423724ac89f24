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
            switch Self.kind(of: path) {
            case .file:
                return try await PlacedError.placing(at: .localFile) {
                    try await BlobBody.file(path)
                }
            case .folder:
                throw Self.failure(
                    .invalidArgument,
                    "\"\(DisplayText(path))\" is a folder; put takes a file, or - for the standard "
                        + "input"
                )
            case .stream: break
            }
            // A FIFO, or a descriptor that the shell named (`<(command)`). It stays open to the end
            // of the process, which puts one blob.
            do {
                return BlobBody.reading(fromDescriptor: try LocalStream.openToRead(path))
            } catch {
                let message = "\"\(DisplayText(path))\": \(error)"
                throw Self.failure(.unavailable, message, error)
            }
        case .standardInput:
            guard StandardStream.hasInput else {
                throw Self.failure(.closed, "the standard input is closed, or can't be read")
            }
            return BlobBody.reading(
                fromDescriptor: STDIN_FILENO,
                byteCount: Self.remainingByteCount(of: STDIN_FILENO)
            )
        }
    }

    private enum Kind {
        case file
        case folder
        case stream
    }

    /// What lies at a path; what can't be looked at fails when it is opened.
    private static func kind(of path: String) -> Kind {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return .file }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .stream
        }
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

    private static func failure(
        _ kind: BlobError.Kind,
        _ message: String,
        _ underlying: SystemError? = nil
    ) -> PlacedError {
        PlacedError(
            BlobError(kind, operation: "open", message: message, underlying: underlying),
            at: .localFile
        )
    }
}
