import BlobStorage
import BlobStorageServer
import Foundation

/// One request to the API, as a route sees it.
struct Call: Sendable {
    /// The most bytes of a request's body; files go to the store, and not through here.
    static let bodyByteLimit = 64 << 10
    /// The most bytes of an owner's name.
    static let ownerByteLimit = 64

    let request: HTTPServerRequest
    let target: RequestTarget
    /// What stands in the path in place of the route's names.
    let parameters: [String: String]

    /// Whose request it is.
    ///
    /// A header that anybody can set is no sign-in. It stands here for whatever an application has: a
    /// session, a token.
    ///
    /// - Throws: ``Problem``.
    func owner() throws -> String {
        let values = request.headers.values(of: "X-Owner")
        guard let owner = values.first, !owner.isEmpty else {
            throw Problem(
                .signInRequired,
                "the header X-Owner is missing; in this example it says who you are",
                headers: ["WWW-Authenticate": "X-Owner realm=\"document-service\""]
            )
        }
        guard values.count == 1, owner.utf8.count <= Self.ownerByteLimit,
            owner.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw Problem(
                .invalidRequest,
                "the header X-Owner has more than \(Self.ownerByteLimit) bytes, control "
                    + "characters, or stands there twice"
            )
        }
        return owner
    }

    /// The id of the document that the path names.
    ///
    /// - Throws: ``Problem``: what can't be an id is the id of nothing.
    func id() throws -> DocumentID {
        guard let id = try? DocumentID(parameters["id"] ?? "") else {
            throw Problem(.notFound, "what stands in the path is no id")
        }
        return id
    }

    /// Reads the body as JSON.
    ///
    /// - Throws: ``Problem`` that says where it is wrong.
    func json<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let contentType = MediaType.essence(request.headers["Content-Type"] ?? "")
        guard contentType == "application/json" else {
            throw Problem(.notJSON, "the Content-Type is not application/json")
        }
        let bytes = try await bytes()
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Problem(.invalidRequest, error.explanation)
        }
    }

    /// Reads the body and pays no attention to it, so that one that is too large is refused.
    ///
    /// - Throws: ``Problem``.
    func ignoreBody() async throws {
        _ = try await bytes()
    }

    private func bytes() async throws -> [UInt8] {
        do {
            return try await request.body.collect(upTo: Self.bodyByteLimit)
        } catch let error as BlobError where error.kind == .tooLarge {
            let message = "the body has more than \(Self.bodyByteLimit) bytes"
            throw Problem(.bodyTooLarge, message)
        }
    }
}

extension DecodingError {
    /// What is wrong, and where, in words for whoever wrote the document; no value is repeated.
    fileprivate var explanation: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.place(context.codingPath + [key])) is missing"
        case .typeMismatch(let type, let context):
            "\(Self.place(context.codingPath)) is not \(Self.name(of: type))"
        case .valueNotFound(let type, let context):
            "\(Self.place(context.codingPath)) is null, and not \(Self.name(of: type))"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "the body is no JSON document"
        case .dataCorrupted(let context):
            "\(Self.place(context.codingPath)) is not what it should be"
        @unknown default: "the body is not what it should be"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the document" }
        let names = path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        // A key of a dictionary is the client's own, and may be long.
        let text = names.joined(separator: ".")
        return "\"\(String(decoding: text.utf8.prefix(100), as: UTF8.self))\""
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is any BinaryInteger.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [String: String].Type, is [String: Any].Type: "an object"
        case is [Any].Type: "a list"
        default: "what it should be"
        }
    }
}
