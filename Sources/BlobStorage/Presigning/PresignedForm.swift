public import Foundation

/// A form by which a browser without credentials uploads one file, as `multipart/form-data`.
///
/// All fields are sent as they are, and the file comes last, under the name `file`. As JSON:
///
///     const { url, fields } = await answer.json()
///     const form = new FormData()
///     for (const [name, value] of Object.entries(fields)) form.append(name, value)
///     form.append("file", file)
///     await fetch(url, { method: "POST", body: form })
public struct PresignedForm: Sendable, Hashable {
    /// The field of the file, which comes last.
    public static let fileField = "file"

    /// Where the form is sent, by `POST`.
    public let url: String
    /// The fields to send before the file.
    public let fields: [String: String]
    /// When the form stops being good, in whole seconds: as asked for, or when the credentials that
    /// signed it end, if that is earlier.
    public let expiresAt: Date
    /// The least and the most bytes of the file.
    public let byteCounts: ClosedRange<Int64>
    /// What the field `Content-Type` must begin with, if the client has to add it.
    public let contentTypePrefix: String?
    /// What the policy does not hold the client to.
    public let notEnforced: Set<UnenforcedProperty>

    /// Creates a form from its parts, as a presigner does.
    public init(
        url: String,
        fields: [String: String],
        expiresAt: Date,
        byteCounts: ClosedRange<Int64>,
        contentTypePrefix: String? = nil,
        notEnforced: Set<UnenforcedProperty>
    ) {
        self.url = url
        self.fields = fields
        self.expiresAt = expiresAt
        self.byteCounts = byteCounts
        self.contentTypePrefix = contentTypePrefix
        self.notEnforced = notEnforced
    }
}

extension PresignedForm: Codable {
    private enum CodingKeys: String, CodingKey {
        case url
        case fields
        case expiresAt
        case minimumByteCount
        case maximumByteCount
        case contentTypePrefix
        case notEnforced
    }

    /// Reads a form; what this version has no word for is left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let minimum = try values.decode(Int64.self, forKey: .minimumByteCount)
        let maximum = try values.decode(Int64.self, forKey: .maximumByteCount)
        guard minimum <= maximum else {
            throw DecodingError.dataCorruptedError(
                forKey: .minimumByteCount,
                in: values,
                debugDescription: "the least byte count is \(minimum), the most \(maximum)"
            )
        }
        self.init(
            url: try values.decode(String.self, forKey: .url),
            fields: try values.decode([String: String].self, forKey: .fields),
            expiresAt: try values.decodeTime(forKey: .expiresAt),
            byteCounts: minimum...maximum,
            contentTypePrefix: try values.decodeIfPresent(String.self, forKey: .contentTypePrefix),
            notEnforced: try values.decodeOpen(forKey: .notEnforced)
        )
    }

    /// Writes texts and whole numbers alone: the time is `2026-01-31T12:00:00Z`, whatever the
    /// encoder's own strategy.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(url, forKey: .url)
        try values.encode(fields, forKey: .fields)
        try values.encode(ISO8601Date.text(expiresAt), forKey: .expiresAt)
        try values.encode(byteCounts.lowerBound, forKey: .minimumByteCount)
        try values.encode(byteCounts.upperBound, forKey: .maximumByteCount)
        try values.encodeIfPresent(contentTypePrefix, forKey: .contentTypePrefix)
        try values.encode(notEnforced.map(\.rawValue).sorted(), forKey: .notEnforced)
    }
}

extension PresignedForm: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Where the form goes and until when; the fields are the permission.
    public var description: String {
        "POST \(url.withoutQuery) until \(ISO8601Date.text(expiresAt))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["form": description]) }
}
