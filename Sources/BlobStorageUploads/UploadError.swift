public import BlobStorage
public import Foundation

/// Why an upload, or what is asked of a document, is refused; all else that fails is a `BlobError`.
///
/// Act on ``reason``; ``message`` is fit to be shown to the client: it tells what was found and what
/// was expected, and no secret.
public struct UploadError: Error, Sendable, Hashable {
    /// The reasons, to act on.
    ///
    /// The raw values are stable: they are what a client finds in an answer.
    @nonexhaustive
    public enum Reason: String, Sendable, Hashable, CaseIterable, Codable {
        /// The policy does not take this media type.
        case typeNotAllowed
        /// The policy does not take files with this extension, or without one.
        case extensionNotAllowed
        /// More bytes than the policy, or the store, takes.
        case tooLarge
        /// No byte, where the policy wants one.
        case empty
        /// The request makes no sense: an owner, a name, a type or a number out of bounds.
        case invalid
        /// The owner may not upload more.
        case quotaExceeded
        /// The store can't hold an upload to a checksum of this kind.
        case checksumNotSupported

        /// There is no such document, or it is another owner's.
        case notFound
        /// The time of the reservation is up.
        case expired
        /// The document is confirmed already, and can't be changed any more.
        case alreadyConfirmed
        /// The document is not confirmed yet.
        case notConfirmed
        /// The document is deleted, or will be.
        case deleted
        /// Others changed the document again and again; the same call may succeed later.
        case conflict

        /// There are no bytes yet: upload them, then confirm again.
        case notUploaded
        /// Parts are missing: ask for another ticket, upload them, then confirm again.
        case incomplete
        /// The bytes are not as many as reserved, or more than the policy takes.
        case wrongSize
        /// The blob has another media type than reserved.
        case wrongType
        /// The bytes have another checksum than reserved.
        case wrongChecksum
        /// The first bytes contradict the media type.
        case wrongContent

        /// Whether the reservation has ended with it: the client has to reserve anew.
        public var endsReservation: Bool {
            switch self {
            case .wrongSize, .wrongType, .wrongChecksum, .wrongContent, .expired, .deleted,
                .notFound:
                true
            default: false
            }
        }
    }

    /// Why it is refused.
    public let reason: Reason
    /// What was found and what was expected.
    public let message: String
    /// The document that it is about, if there is one.
    public let id: DocumentID?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - reason: Why it is refused.
    ///   - message: What was found and what was expected.
    ///   - id: The document that it is about.
    public init(_ reason: Reason, _ message: String, id: DocumentID? = nil) {
        self.reason = reason
        self.message = message
        self.id = id
    }
}

extension UploadError: CustomStringConvertible, LocalizedError {
    /// The document, the reason and the message in one line.
    public var description: String {
        let subject = id.map { "upload \"\($0)\"" } ?? "upload"
        return "\(subject): \(reason.rawValue): \(message)"
    }

    /// The same as ``description``.
    public var errorDescription: String? { description }
}
