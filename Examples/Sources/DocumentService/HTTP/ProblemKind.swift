/// The kinds of problem that the service tells clients of; `/problems/KIND` explains each.
///
/// The reasons of `UploadError` are among them, under their own names.
enum ProblemKind: String, CaseIterable, Sendable {
    case invalidRequest
    case signInRequired
    case forbidden
    case notFound
    case methodNotAllowed
    case bodyTooLarge
    case notJSON
    case invalidUpload
    case typeNotAllowed
    case extensionNotAllowed
    case tooLarge
    case empty
    case quotaExceeded
    case expired
    case notUploaded
    case incomplete
    case wrongSize
    case wrongType
    case wrongChecksum
    case wrongContent
    case checksumNotSupported
    case deleted
    case alreadyConfirmed
    case notConfirmed
    case conflict
    case unavailable
    case internalError

    /// A reference that names the kind, and leads to its explanation.
    var type: String { "/problems/\(rawValue)" }

    /// The HTTP status.
    var status: Int {
        switch self {
        case .invalidRequest: 400
        case .signInRequired: 401
        case .forbidden, .quotaExceeded: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notUploaded, .incomplete, .alreadyConfirmed, .notConfirmed, .conflict: 409
        case .expired, .deleted: 410
        case .bodyTooLarge, .tooLarge: 413
        case .notJSON: 415
        case .invalidUpload, .typeNotAllowed, .extensionNotAllowed, .empty, .checksumNotSupported,
            .wrongSize, .wrongType, .wrongChecksum, .wrongContent:
            422
        case .internalError: 500
        case .unavailable: 503
        }
    }

    /// One sentence for people, the same each time.
    var title: String {
        switch self {
        case .invalidRequest: "The request makes no sense."
        case .signInRequired: "You are not signed in."
        case .forbidden: "You may not do that."
        case .notFound: "There is nothing here."
        case .methodNotAllowed: "The method is not allowed here."
        case .bodyTooLarge: "The body of the request is too large."
        case .notJSON: "The body of the request is not JSON."
        case .invalidUpload: "The upload can't be like this."
        case .typeNotAllowed: "Files of this type are not taken."
        case .extensionNotAllowed: "Files with this extension are not taken."
        case .tooLarge: "The file is too large."
        case .empty: "The file is empty."
        case .quotaExceeded: "Your files would take more room than you have."
        case .expired: "The upload took too long."
        case .notUploaded: "The file has not been uploaded."
        case .incomplete: "Parts of the file are missing."
        case .wrongSize: "The file does not have the size that was announced."
        case .wrongType: "The file does not have the type that was announced."
        case .wrongChecksum: "The file does not have the checksum that was announced."
        case .wrongContent: "The file's content is not of the type that was announced."
        case .checksumNotSupported: "The store can't check a checksum of this kind."
        case .deleted: "The document is deleted."
        case .alreadyConfirmed: "The upload is confirmed already."
        case .notConfirmed: "The upload is not confirmed yet."
        case .conflict: "Somebody else was faster."
        case .unavailable: "The service can't answer now."
        case .internalError: "Something went wrong."
        }
    }

    /// What to do about it.
    var advice: String {
        switch self {
        case .invalidRequest: "Compare the request with the documentation; the detail says where."
        case .signInRequired: "Send the header X-Owner with a name of 1 to 64 bytes."
        case .forbidden: "Send the secret that the service was started with."
        case .notFound:
            "The address or the id is wrong, or the document is somebody else's, or gone."
        case .methodNotAllowed: "The header Allow has the methods that are."
        case .bodyTooLarge: "Requests to the API have at most 64 KiB; files go to the store."
        case .notJSON: "Send a JSON document, with Content-Type: application/json."
        case .invalidUpload: "The detail says what; /api/limits has the bounds."
        case .typeNotAllowed, .extensionNotAllowed: "/api/limits lists those that are taken."
        case .tooLarge: "/api/limits has the most bytes that are taken."
        case .empty: "Choose a file with something in it."
        case .quotaExceeded: "Delete some files, and upload again."
        case .expired: "Begin the upload anew."
        case .notUploaded: "Send the file as the ticket says, then confirm."
        case .incomplete: "Ask for a new ticket, which has the parts that are missing."
        case .wrongSize, .wrongType, .wrongChecksum, .wrongContent: "Begin the upload anew."
        case .checksumNotSupported: "Leave the checksum out, or take sha256."
        case .deleted: "It can be restored for a short time after it was deleted."
        case .alreadyConfirmed: "It is a document now; delete that instead."
        case .notConfirmed: "Confirm the upload first."
        case .conflict, .unavailable: "Send the same request again in a moment."
        case .internalError: "The log of the service has more, under the same instance."
        }
    }
}
