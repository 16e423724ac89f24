public import Foundation

/// The address of a blob, for a client.
///
/// Whoever has a signed one has the permission, so it belongs into no log; its ``description`` is
/// without the query, which holds the signature.
public struct DeliveryURL: Sendable, Hashable {
    /// The URL; it must be used as it is.
    public let url: String
    /// When it stops being good, in whole seconds; `nil` if it does not expire.
    public let expiresAt: Date?

    /// Creates an address from its parts, as a delivery does.
    public init(url: String, expiresAt: Date? = nil) {
        self.url = url
        self.expiresAt = expiresAt
    }
}

extension DeliveryURL: Codable {
    private enum CodingKeys: String, CodingKey {
        case url
        case expiresAt
    }

    /// Reads an address.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let isForEver = try !values.contains(.expiresAt) || values.decodeNil(forKey: .expiresAt)
        self.init(
            url: try values.decode(String.self, forKey: .url),
            expiresAt: isForEver ? nil : try values.decodeTime(forKey: .expiresAt)
        )
    }

    /// Writes texts alone: the time is `2026-01-31T12:00:00Z`, whatever the encoder's own strategy;
    /// it is left out if the address does not expire.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(url, forKey: .url)
        let time = expiresAt.map { ISO8601Date.text($0) }
        try values.encodeIfPresent(time, forKey: .expiresAt)
    }
}

extension DeliveryURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL without its query, which is the permission.
    public var description: String {
        guard let expiresAt else { return url.withoutQuery }
        return "\(url.withoutQuery) until \(ISO8601Date.text(expiresAt))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
