public import Foundation

/// What went wrong in a store.
///
/// Act on ``kind``; show ``description``, which names the operation, the key, what was found and
/// what was expected:
///
///     put "a/b": preconditionFailed: the blob has etag "7", not "5" (HTTP 412)
public struct BlobError: Error, Sendable {
    /// The kinds of failure, to act on.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The caller asked for something that no store could do.
        case invalidArgument
        /// There is no blob, or no multipart upload, of that name.
        case notFound
        /// There is no such bucket or folder; `prepare()` would make it.
        case storeNotFound
        /// A blob is there, and the condition was that there is none.
        case alreadyExists
        /// The blob is not the version that the condition names.
        case preconditionFailed
        /// The blob is still the version that the reader has.
        case notModified
        /// The range begins at or after the blob's end.
        case rangeNotSatisfiable
        /// The credentials are missing, unknown or expired.
        case unauthenticated
        /// The credentials, or the system, do not allow it.
        case permissionDenied
        /// The bytes do not have the checksum that they should have.
        case integrityFailure
        /// More bytes than the store, or the caller's own cap, allows.
        case tooLarge
        /// The disk or the quota is full.
        case outOfSpace
        /// Another change got in the way; the same call may succeed later.
        case conflict
        /// The store asks to slow down.
        case throttled
        /// The store, or the system, can't answer now.
        case unavailable
        /// No answer within the time allowed.
        case timedOut
        /// A change may or may not have happened, and it could not be found out.
        case outcomeUnknown
        /// The store can't do this.
        case unsupported
        /// What the store holds is not what it should be.
        case corrupted
        /// The store, body or upload was closed before.
        case closed
    }

    /// What a remote store answered.
    public struct RemoteAnswer: Sendable, Hashable {
        /// The HTTP status.
        public let status: Int
        /// The vendor's name for the error, such as `NoSuchKey`.
        public let code: String?
        /// The vendor's name for the request, for its support desk.
        public let requestID: String?

        /// Creates an answer from its parts.
        public init(status: Int, code: String? = nil, requestID: String? = nil) {
            self.status = status
            self.code = code
            self.requestID = requestID
        }
    }

    /// What kind of failure it is, to act on.
    public let kind: Kind
    /// The operation that failed, such as `put`.
    public let operation: String
    /// The key that the operation was about, if it was about one.
    public let key: BlobKey?
    /// What was found, what was expected and, where it helps, what to do; never a secret.
    public let message: String
    /// The error behind this one, such as the system's own.
    public let underlying: (any Error)?
    /// What a remote store answered.
    public let remote: RemoteAnswer?
    /// Whether the same call may succeed when it is made again, unchanged.
    public let isRetryable: Bool

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - kind: What kind of failure it is.
    ///   - operation: The operation that failed.
    ///   - key: The key that the operation was about.
    ///   - message: What was found, what was expected and what to do.
    ///   - underlying: The error behind this one.
    ///   - remote: What a remote store answered.
    ///   - isRetryable: Whether the same call may succeed later; `nil` decides by the kind.
    public init(
        _ kind: Kind,
        operation: String,
        key: BlobKey? = nil,
        message: String,
        underlying: (any Error)? = nil,
        remote: RemoteAnswer? = nil,
        isRetryable: Bool? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.key = key
        self.message = message
        self.underlying = underlying
        self.remote = remote
        self.isRetryable = isRetryable ?? kind.isRetryable
    }
}

extension BlobError.Kind {
    /// Whether a failure of this kind usually passes by itself.
    var isRetryable: Bool {
        switch self {
        case .conflict, .throttled, .unavailable, .timedOut: true
        default: false
        }
    }
}

extension BlobError: CustomStringConvertible {
    /// Operation, key, kind, message and HTTP status in one line.
    public var description: String {
        var text = operation
        if let key { text += " \"\(EscapedText(key.text))\"" }
        text += ": \(kind.rawValue): \(message)"
        if let remote {
            text += " (HTTP \(remote.status)"
            if let code = remote.code { text += " \(EscapedText(code))" }
            if let id = remote.requestID { text += ", request \(EscapedText(id))" }
            text += ")"
        }
        return text
    }
}

extension BlobError: LocalizedError {
    /// The same as ``description``, for programs that log `localizedDescription`.
    public var errorDescription: String? { description }
}
