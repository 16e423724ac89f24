#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A system call that failed.
public struct SystemError: Error, Sendable, Hashable {
    /// The system call, such as `openat`.
    public let call: String
    /// The system's number for the failure, such as `ENOENT`.
    public let code: Int32

    /// Creates the record of a failed call.
    public init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    /// The failure of the call that was made last on this thread.
    package static func last(_ call: String) -> SystemError {
        SystemError(call, errno)
    }

    /// The kind of ``BlobError`` that this failure is.
    package var kind: BlobError.Kind {
        switch code {
        case ENOENT: .notFound
        case EEXIST: .alreadyExists
        case EACCES, EPERM, EROFS: .permissionDenied
        case ENOSPC, EDQUOT: .outOfSpace
        case EFBIG: .tooLarge
        case ENAMETOOLONG: .invalidArgument
        case EMFILE, ENFILE, ENOMEM, EAGAIN, EBUSY, ENOLCK: .unavailable
        case EIO, ENXIO, ENODEV: .unavailable
        case ETIMEDOUT: .timedOut
        case ENOSYS, EOPNOTSUPP: .unsupported
        case ELOOP, ENOTDIR, EISDIR: .corrupted
        default: .unavailable
        }
    }
}

extension SystemError: CustomStringConvertible {
    /// The call and the system's text for the failure.
    public var description: String {
        "\(call): \(String(cString: strerror(code)))"
    }
}

extension BlobError {
    /// Wraps a failed system call on a file of the caller's, which is no blob.
    ///
    /// That there is no such file must not read as if there were no such blob.
    package init(
        _ error: SystemError,
        localFile path: String,
        operation: String,
        key: BlobKey? = nil
    ) {
        let isAboutPath = [ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, EROFS]
            .contains(error.code)
        self.init(
            error,
            kind: isAboutPath ? .invalidArgument : nil,
            operation: operation,
            key: key,
            doing: "the local file \"\(EscapedText(path))\""
        )
    }

    /// Wraps a failed system call.
    package init(
        _ error: SystemError,
        kind: Kind? = nil,
        operation: String,
        key: BlobKey? = nil,
        doing what: String? = nil
    ) {
        self.init(
            kind ?? error.kind,
            operation: operation,
            key: key,
            message: what.map { "\($0): \(error)" } ?? error.description,
            underlying: error
        )
    }
}
