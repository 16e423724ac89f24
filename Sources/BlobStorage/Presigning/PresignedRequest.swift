public import Foundation

/// A request that a client without credentials can send: a contract of what to send, until when it
/// is good, and what it does not rule out.
///
/// Whoever has the URL has the permission, so it belongs into no log. As JSON it is what a browser's
/// `fetch` takes:
///
///     const { method, url, headers } = await answer.json()
///     await fetch(url, { method, headers, body: file })
public struct PresignedRequest: Sendable, Hashable {
    /// The HTTP method, in capitals.
    public let method: String
    /// The URL with the signature; it must be sent as it is.
    public let url: String
    /// The headers that must be sent, exactly so, with their names in lower case.
    ///
    /// A browser makes `content-length` of the body by itself, and `fetch` ignores that header here.
    public let headers: [String: String]
    /// When the request stops being good, in whole seconds: as asked for, or when the credentials
    /// that signed it end, if that is earlier.
    public let expiresAt: Date
    /// What the signature does not hold the client to.
    public let notEnforced: Set<UnenforcedProperty>

    /// Creates a request from its parts, as a presigner does.
    public init(
        method: String,
        url: String,
        headers: [String: String] = [:],
        expiresAt: Date,
        notEnforced: Set<UnenforcedProperty>
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.expiresAt = expiresAt
        self.notEnforced = notEnforced
    }
}

extension PresignedRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case method
        case url
        case headers
        case expiresAt
        case notEnforced
    }

    /// Reads a request; what a newer version may not enforce, and this one has no word for, is left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            method: try values.decode(String.self, forKey: .method),
            url: try values.decode(String.self, forKey: .url),
            headers: try values.decode([String: String].self, forKey: .headers),
            expiresAt: try values.decodeTime(forKey: .expiresAt),
            notEnforced: try values.decodeOpen(forKey: .notEnforced)
        )
    }

    /// Writes texts alone: the time is `2026-01-31T12:00:00Z`, whatever the encoder's own strategy.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(method, forKey: .method)
        try values.encode(url, forKey: .url)
        try values.encode(headers, forKey: .headers)
        try values.encode(ISO8601Date.text(expiresAt), forKey: .expiresAt)
        try values.encode(notEnforced.map(\.rawValue).sorted(), forKey: .notEnforced)
    }
}

extension PresignedRequest: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The method and the URL without its query, which is the permission.
    public var description: String {
        "\(method) \(url.withoutQuery) until \(ISO8601Date.text(expiresAt))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

extension String {
    /// What comes before the question mark.
    var withoutQuery: String {
        String(decoding: utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }
}

extension KeyedDecodingContainer {
    /// Reads a time as ``PresignedRequest`` writes it.
    package func decodeTime(forKey key: Key) throws -> Date {
        let text = try decode(String.self, forKey: key)
        guard let date = ISO8601Date.parse(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\"\(EscapedText(text))\" is no time in ISO 8601"
            )
        }
        return date
    }

    /// Reads what is not enforced.
    func decodeOpen(forKey key: Key) throws -> Set<UnenforcedProperty> {
        Set(try decode([String].self, forKey: key).compactMap(UnenforcedProperty.init(rawValue:)))
    }
}
