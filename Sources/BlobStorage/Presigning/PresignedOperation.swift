/// What a presigned request does.
@nonexhaustive
public enum PresignedOperation: Sendable, Hashable {
    /// Reads the blob.
    case get
    /// Reads the blob's attributes.
    case head
    /// Writes the blob.
    case put
    /// Deletes the blob.
    case delete
    /// Uploads the part of a number, from 1, of a multipart upload.
    case uploadPart(Int, uploadID: String)

    /// The HTTP method.
    public var method: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .put, .uploadPart: "PUT"
        case .delete: "DELETE"
        }
    }

    /// The operation's name, for messages and metrics.
    public var name: String {
        switch self {
        case .get: "get"
        case .head: "head"
        case .put: "put"
        case .delete: "delete"
        case .uploadPart: "uploadPart"
        }
    }
}
