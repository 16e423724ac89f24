package import BlobStorage

/// What a worker knows of a reservation: from the record alone, so that the other one knows it too.
package struct FireDocument: Sendable {
    /// The attribute with the nonce.
    package static let nonceName = "fire-nonce"
    /// The attribute with the number of bytes that the worker means to send.
    package static let byteCountName = "fire-bytes"

    package let id: String
    package let nonce: UInt64
    package let contentType: String
    /// How many bytes a right sending has.
    package let byteCount: Int
    /// Whether the store was told of a checksum: then one sending is right, and no other.
    package let hasChecksum: Bool

    /// Reads it from a record; `nil` if that is none of the run's.
    package init?(_ record: DocumentRecord) {
        guard let nonce = record.attributes[Self.nonceName].flatMap({ UInt64($0, radix: 16) }),
            let byteCount = record.attributes[Self.byteCountName].flatMap({ Int($0) }),
            let contentType = record.contentType
        else { return nil }
        id = record.id.text
        self.nonce = nonce
        self.contentType = contentType
        self.byteCount = byteCount
        hasChecksum = record.checksum != nil
    }

    package func content(part: Int = 0, sending: UInt64) -> FireContent {
        FireContent(nonce: nonce, contentType: contentType, part: part, sending: sending)
    }
}
