internal import Foundation

/// A rule as JSON, to be kept in a file: `{"prefix": "tmp/", "expirationDays": 7}`.
extension LifecycleRule: Codable {
    private enum Field: String, CodingKey, CaseIterable {
        case id
        case isEnabled
        case prefix
        case largerThan
        case smallerThan
        case tags
        case expirationDays
        case expirationDate
        case abortUploadsAfterDays
    }

    /// Any field, to find those that are not known.
    private struct AnyField: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }

    /// Reads a rule; what is not there is as `init` has it.
    ///
    /// - Throws: `DecodingError` for a field that is not known, since a condition that was not understood
    ///   would remove too much; ``BlobError`` of kind `invalidArgument` if the rule makes no sense.
    public init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: AnyField.self)
        let known = Set(Field.allCases.map(\.rawValue))
        for field in all.allKeys where !known.contains(field.stringValue) {
            let message = "a lifecycle rule has no field \"\(EscapedText(field.stringValue))\""
            throw DecodingError.dataCorruptedError(
                forKey: field,
                in: all,
                debugDescription: message
            )
        }
        let fields = try decoder.container(keyedBy: Field.self)
        self.init(
            id: try fields.decodeIfPresent(String.self, forKey: .id) ?? "",
            isEnabled: try fields.decodeIfPresent(Bool.self, forKey: .isEnabled) ?? true,
            prefix: try fields.decodeIfPresent(String.self, forKey: .prefix) ?? "",
            largerThan: try fields.decodeIfPresent(Int64.self, forKey: .largerThan),
            smallerThan: try fields.decodeIfPresent(Int64.self, forKey: .smallerThan),
            tags: try fields.decodeIfPresent([String: String].self, forKey: .tags) ?? [:],
            abortUploadsAfterDays: try fields.decodeIfPresent(
                Int.self,
                forKey: .abortUploadsAfterDays
            )
        )
        let days = try fields.decodeIfPresent(Int.self, forKey: .expirationDays)
        let text = try fields.decodeIfPresent(String.self, forKey: .expirationDate)
        switch (days, text, text.flatMap(ISO8601Date.parse)) {
        case (let days?, nil, _): expiration = .after(days: days)
        case (nil, _?, let date?): expiration = .on(date: date)
        case (nil, nil, _): expiration = nil
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .expirationDate,
                in: fields,
                debugDescription: "it is a date such as 2030-01-31T00:00:00Z, and there are no days"
            )
        }
        try validate()
    }

    /// Writes what is set.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the rule makes no sense: nobody could read it.
    public func encode(to encoder: any Encoder) throws {
        try validate()
        var fields = encoder.container(keyedBy: Field.self)
        if !id.isEmpty { try fields.encode(id, forKey: .id) }
        if !isEnabled { try fields.encode(isEnabled, forKey: .isEnabled) }
        if !prefix.isEmpty { try fields.encode(prefix, forKey: .prefix) }
        try fields.encodeIfPresent(largerThan, forKey: .largerThan)
        try fields.encodeIfPresent(smallerThan, forKey: .smallerThan)
        if !tags.isEmpty { try fields.encode(tags, forKey: .tags) }
        switch expiration {
        case .after(let days): try fields.encode(days, forKey: .expirationDays)
        case .on(let date): try fields.encode(ISO8601Date.text(date), forKey: .expirationDate)
        case nil: break
        }
        try fields.encodeIfPresent(abortUploadsAfterDays, forKey: .abortUploadsAfterDays)
    }
}
