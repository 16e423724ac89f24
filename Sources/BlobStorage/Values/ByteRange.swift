/// The bytes of a blob that a read asks for, counted from 0.
///
/// A range is cut at the blob's end. One that begins at or after the end is an error of kind
/// `rangeNotSatisfiable`, as HTTP's status 416 is.
///
/// - SeeAlso: RFC 9110, section 14.1.2
public enum ByteRange: Sendable, Hashable {
    /// The bytes from the lower bound up to, not including, the upper bound.
    case bounded(Range<Int64>)

    /// The bytes from an offset to the end.
    case from(Int64)

    /// The last bytes, as many as given; all of them, if the blob has fewer.
    case suffix(Int64)

    /// The first bytes, as many as given.
    ///
    /// - Parameter byteCount: How many bytes; at least 1.
    /// - Returns: The range from offset 0.
    public static func first(_ byteCount: Int64) -> ByteRange {
        .bounded(0..<max(byteCount, 0))
    }

    /// The bytes that this range means in a blob of a given size.
    ///
    /// - Parameters:
    ///   - byteCount: The blob's size in bytes.
    ///   - operation: The operation to name in an error.
    ///   - key: The key to name in an error.
    /// - Returns: Offsets of the blob, never beyond its end.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the range is empty or negative,
    ///   `rangeNotSatisfiable` if it begins at or after the end.
    public func resolved(
        inByteCount byteCount: Int64,
        operation: String = "get",
        key: BlobKey? = nil
    ) throws -> Range<Int64> {
        try validate(operation: operation, key: key)
        let lower: Int64
        let upper: Int64
        switch self {
        case .bounded(let range):
            lower = range.lowerBound
            upper = min(range.upperBound, byteCount)
        case .from(let offset):
            lower = offset
            upper = byteCount
        case .suffix(let count):
            // RFC 9110: a suffix is satisfiable whatever the size, an empty blob's too.
            return max(0, byteCount - count)..<byteCount
        }
        guard lower < byteCount else {
            let message = "the range begins at byte \(lower); the blob has \(byteCount)"
            throw BlobError(.rangeNotSatisfiable, operation: operation, key: key, message: message)
        }
        return lower..<upper
    }

    /// Throws if no blob, whatever its size, could answer the range.
    package func validate(operation: String, key: BlobKey?) throws {
        let message: String
        switch self {
        case .bounded(let range) where range.isEmpty:
            message = "the range is empty; a range has at least one byte"
        case .bounded(let range) where range.lowerBound < 0:
            message = "the range begins at \(range.lowerBound); offsets count from 0"
        case .from(let offset) where offset < 0:
            message = "the range begins at \(offset); offsets count from 0"
        case .suffix(let count) where count < 1:
            message = "the suffix has \(count) bytes; a range has at least one byte"
        default:
            return
        }
        throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
    }
}
