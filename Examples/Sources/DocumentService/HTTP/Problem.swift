import BlobStorage
import BlobStorageServer
import Foundation

/// Why a request was refused, as the JSON document of RFC 9457.
///
///     {"type":"/problems/tooLarge","title":"The file is too large.","status":413,
///      "detail":"the document has 12 bytes; at most 10 are taken","reason":"tooLarge",
///      "instance":"urn:uuid:…"}
struct Problem: Error, Sendable {
    /// What kind of problem it is.
    let kind: ProblemKind
    /// What was wrong this time; it never holds a secret.
    let detail: String
    /// Header fields that go with the answer, such as `Allow`.
    var headers: HTTPHeaders
    /// What went wrong inside, for the log alone.
    var cause: String?

    init(
        _ kind: ProblemKind,
        _ detail: String,
        headers: HTTPHeaders = [:],
        cause: String? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.headers = headers
        self.cause = cause
    }

    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        /// The last word of the type, for programs to act on.
        let reason: String
        let instance: String
    }

    /// The answer.
    ///
    /// - Parameter id: Tells this occurrence from all others; the log has it too.
    /// - Returns: The document, with its status.
    func response(id: UUID) -> HTTPServerResponse {
        let document = Document(
            type: kind.type,
            title: kind.title,
            status: kind.status,
            detail: detail,
            reason: kind.rawValue,
            instance: "urn:uuid:\(id.uuidString.lowercased())"
        )
        var response = HTTPServerResponse.json(document, status: kind.status)
        response.headers["Content-Type"] = "application/problem+json"
        for field in headers.fields { response.headers.append(field.name, field.value) }
        return response
    }
}
