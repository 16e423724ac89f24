import Foundation

extension BlobEvent: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind
        case name
        case source
        case key
        case byteCount
        case etag
        case versionID
        case time
        case sequencer
    }

    /// Reads an event; a kind that this version has no word for is `other`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            Kind(rawValue: try values.decode(String.self, forKey: .kind)) ?? .other,
            name: try values.decode(String.self, forKey: .name),
            source: try values.decode(String.self, forKey: .source),
            key: try values.decode(BlobKey.self, forKey: .key),
            byteCount: try values.decodeIfPresent(Int64.self, forKey: .byteCount),
            etag: try values.decodeIfPresent(ETag.self, forKey: .etag),
            versionID: try values.decodeIfPresent(String.self, forKey: .versionID),
            time: try values.decodeTime(forKey: .time),
            sequencer: try values.decodeIfPresent(BlobEventSequencer.self, forKey: .sequencer)
        )
    }

    /// Writes texts and one whole number: the time is `2026-01-31T12:00:00.000Z`, whatever the
    /// encoder's own strategy.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind.rawValue, forKey: .kind)
        try values.encode(name, forKey: .name)
        try values.encode(source, forKey: .source)
        try values.encode(key, forKey: .key)
        try values.encodeIfPresent(byteCount, forKey: .byteCount)
        try values.encodeIfPresent(etag, forKey: .etag)
        try values.encodeIfPresent(versionID, forKey: .versionID)
        // A whole millisecond may lie a little below itself as a `Double`, and the text is cut.
        let time = ISO8601Date.text(time.addingTimeInterval(0.000_1), withMilliseconds: true)
        try values.encode(time, forKey: .time)
        try values.encodeIfPresent(sequencer, forKey: .sequencer)
    }
}
