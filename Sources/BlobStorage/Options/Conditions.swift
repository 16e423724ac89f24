public import Foundation

/// What must be true of a key for a change to happen, decided at the moment of the change.
@nonexhaustive
public enum WriteCondition: Sendable, Hashable {
    /// Nothing: the change always happens.
    case none

    /// There is no blob yet. Otherwise the error is `alreadyExists`.
    case ifAbsent

    /// The blob is this version. Otherwise, or if there is no blob, the error is
    /// `preconditionFailed`.
    case ifMatches(ETag)
}

extension WriteCondition {
    /// Decides the condition.
    ///
    /// - Parameters:
    ///   - current: The version that is there now; `nil` if there is no blob.
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    /// - Throws: ``BlobError`` of kind `alreadyExists` or `preconditionFailed`.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    public func check(current: ETag?, operation: String, key: BlobKey) throws {
        switch self {
        case .none:
            return
        case .ifAbsent:
            guard let current else { return }
            let message =
                "a blob with etag \(EscapedText(current)) is there; "
                + "the condition was that there is none"
            throw BlobError(.alreadyExists, operation: operation, key: key, message: message)
        case .ifMatches(let expected):
            guard let current else {
                let message =
                    "there is no blob; the condition was the etag \(EscapedText(expected))"
                throw BlobError(
                    .preconditionFailed,
                    operation: operation,
                    key: key,
                    message: message
                )
            }
            guard current != expected else { return }
            let message = "the blob has etag \(EscapedText(current)), not \(EscapedText(expected))"
            throw BlobError(.preconditionFailed, operation: operation, key: key, message: message)
        }
    }
}

/// What must be true of a blob for a read to happen.
///
/// HTTP's order of precedence holds: `ifMatches` rules out `unmodifiedSince`, `ifNoneMatches` rules
/// out `modifiedSince`. Times are compared in whole seconds, since HTTP knows no others.
///
/// - SeeAlso: RFC 9110, section 13.2.2
public struct ReadConditions: Sendable, Hashable {
    /// The blob must be this version; else `preconditionFailed`.
    public var ifMatches: ETag?
    /// The blob must not be this version; else `notModified`.
    public var ifNoneMatches: ETag?
    /// The blob must have been written after this time; else `notModified`.
    public var modifiedSince: Date?
    /// The blob must not have been written after this time; else `preconditionFailed`.
    public var unmodifiedSince: Date?

    /// Creates conditions; all that are `nil` don't count.
    public init(
        ifMatches: ETag? = nil,
        ifNoneMatches: ETag? = nil,
        modifiedSince: Date? = nil,
        unmodifiedSince: Date? = nil
    ) {
        self.ifMatches = ifMatches
        self.ifNoneMatches = ifNoneMatches
        self.modifiedSince = modifiedSince
        self.unmodifiedSince = unmodifiedSince
    }

    /// Decides the conditions.
    ///
    /// - Parameters:
    ///   - etag: The version that is there.
    ///   - lastModified: When that version was written.
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    /// - Throws: ``BlobError`` of kind `preconditionFailed` or `notModified`.
    public func check(
        etag: ETag,
        lastModified: Date,
        operation: String,
        key: BlobKey
    ) throws {
        func fail(_ kind: BlobError.Kind, _ message: String) -> BlobError {
            BlobError(kind, operation: operation, key: key, message: message)
        }
        if let expected = ifMatches {
            guard etag == expected else {
                let message =
                    "the blob has etag \(EscapedText(etag)), not \(EscapedText(expected))"
                throw fail(.preconditionFailed, message)
            }
        } else if let time = unmodifiedSince {
            guard Self.seconds(lastModified) <= Self.seconds(time) else {
                throw fail(.preconditionFailed, "the blob was written after the time given")
            }
        }
        if let known = ifNoneMatches {
            guard etag != known else {
                throw fail(.notModified, "the blob still has etag \(EscapedText(etag))")
            }
        } else if let time = modifiedSince {
            guard Self.seconds(lastModified) > Self.seconds(time) else {
                throw fail(.notModified, "the blob was not written after the time given")
            }
        }
    }

    private static func seconds(_ date: Date) -> Double {
        date.timeIntervalSince1970.rounded(.down)
    }
}
