import BlobStorage
import Foundation

/// Decodes what tells of changes to a bucket, whoever sends it.
///
/// - S3's own notifications, as in SQS, SNS or Lambda, and the message by which S3 tests a queue;
/// - the same from radosgw and MinIO, with what they do in their own way put right;
/// - SNS's envelope around either, and its questions about subscriptions;
/// - EventBridge's events of S3.
///
/// A document is taken as a whole or not at all. What it says beyond a ``BlobEvent`` is left out.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
public struct S3EventDecoder: Sendable {
    /// The most bytes of a document; SQS takes messages of 1 MiB.
    public static let defaultMaximumByteCount = 1 << 20

    /// The most bytes of a document.
    public var maximumByteCount: Int

    /// Creates a decoder.
    ///
    /// - Parameter maximumByteCount: The most bytes of a document.
    public init(maximumByteCount: Int = S3EventDecoder.defaultMaximumByteCount) {
        self.maximumByteCount = maximumByteCount
    }

    /// Decodes a document.
    ///
    /// - Parameter bytes: The document, JSON in UTF-8.
    /// - Returns: What it says.
    /// - Throws: `BlobError` of kind `tooLarge`; of kind `invalidArgument` if it is none of the
    ///   documents known, or not all of it can be made out.
    public func decode(_ bytes: [UInt8]) throws -> S3EventMessage {
        guard bytes.count <= maximumByteCount else {
            throw BlobError(
                .tooLarge,
                operation: "decodeEvent",
                message: "the document has \(bytes.count) bytes; the limit is \(maximumByteCount)"
            )
        }
        switch try read(bytes) {
        case .message(let message): return message
        case .wrapped(let text):
            // One envelope; a message in two is nobody's.
            guard case .message(let message) = try read(Array(text.utf8)) else {
                throw Self.invalid("there is an envelope in the envelope")
            }
            return message
        }
    }

    private func read(_ bytes: [UInt8]) throws -> S3EventDocument.Content {
        try JSONGuard.check(bytes)
        do {
            return try JSONDecoder().decode(S3EventDocument.self, from: Data(bytes)).content
        } catch let error as BlobError {
            throw error
        } catch let error as DecodingError {
            throw Self.invalid(Self.message(error))
        } catch {
            throw Self.invalid("the document is not JSON")
        }
    }

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "decodeEvent", message: message)
    }

    /// Where something was wrong, without what was there: the document is a stranger's.
    private static func message(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? key.stringValue
            }
            return path.isEmpty ? "the document" : "\"\(path.joined(separator: "."))\""
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context, key)) is missing"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        case .typeMismatch(_, let context): return "\(place(context)) is of another type"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "the document is not JSON" : "\(place(context)) can't be"
        @unknown default: return "the document can't be made out"
        }
    }
}
