public import BlobStorage
public import Foundation

/// What a client needs to upload one document, and follows blindly.
///
/// As JSON, by method:
///
///     { "id": "…", "reservedUntil": "2026-01-31T12:00:00Z", "method": "put",
///       "request": { "method": "PUT", "url": "…", "headers": {…}, "expiresAt": "…", … } }
///     { "id": "…", "reservedUntil": "…", "method": "form",
///       "form": { "url": "…", "fields": {…}, "expiresAt": "…", … } }
///     { "id": "…", "reservedUntil": "…", "method": "parts",
///       "byteCount": 20971520, "partByteCount": 8388608, "partCount": 3, "uploaded": [1],
///       "parts": [ { "number": 2, "offset": 8388608, "byteCount": 8388608, "request": {…} }, … ] }
///
/// Whoever has a ticket may upload, so it belongs into no log; its description has no signature.
public struct UploadTicket: Sendable, Hashable {
    /// The document, to name in every later call.
    public let id: DocumentID
    /// What to send.
    public let method: UploadMethod
    /// Until when the upload must be confirmed, in whole seconds.
    ///
    /// Each request has its own end, which is earlier: ask for another ticket then.
    public let reservedUntil: Date

    /// Creates a ticket from its parts.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - method: What to send.
    ///   - reservedUntil: Until when the upload must be confirmed; cut to whole seconds.
    public init(id: DocumentID, method: UploadMethod, reservedUntil: Date) {
        self.id = id
        self.method = method
        let seconds = reservedUntil.timeIntervalSince1970.rounded(.down)
        self.reservedUntil = Date(timeIntervalSince1970: seconds)
    }
}

/// How a client sends the bytes of a document.
@nonexhaustive
public enum UploadMethod: Sendable, Hashable {
    /// By one request with all bytes as its body.
    case put(PresignedRequest)
    /// By a form with one file, of a size that is not known before.
    case form(PresignedForm)
    /// In parts, in any order, several at once if the client likes.
    case parts(UploadParts)

    /// The method's name in JSON.
    public var name: String {
        switch self {
        case .put: "put"
        case .form: "form"
        case .parts: "parts"
        }
    }
}

extension UploadTicket: Codable {
    private enum CodingKeys: String, CodingKey {
        case id
        case reservedUntil
        case method
        case request
        case form
    }

    /// Reads a ticket.
    ///
    /// - Throws: `DecodingError`, for a method too that this version does not know.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let reservedUntil = try values.decodeTime(forKey: .reservedUntil)
        let method: UploadMethod
        switch try values.decode(String.self, forKey: .method) {
        case "put": method = .put(try values.decode(PresignedRequest.self, forKey: .request))
        case "form": method = .form(try values.decode(PresignedForm.self, forKey: .form))
        case "parts": method = .parts(try UploadParts(from: decoder))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .method,
                in: values,
                debugDescription: "there are the methods put, form and parts"
            )
        }
        let id = try values.decode(DocumentID.self, forKey: .id)
        self.init(id: id, method: method, reservedUntil: reservedUntil)
    }

    /// Writes texts and whole numbers alone: the time is `2026-01-31T12:00:00Z`, whatever the
    /// encoder's own strategy.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encode(ISO8601Date.text(reservedUntil), forKey: .reservedUntil)
        try values.encode(method.name, forKey: .method)
        switch method {
        case .put(let request): try values.encode(request, forKey: .request)
        case .form(let form): try values.encode(form, forKey: .form)
        case .parts(let parts): try parts.encode(to: encoder)
        }
    }
}
