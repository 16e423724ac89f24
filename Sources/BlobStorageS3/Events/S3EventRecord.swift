import BlobStorage
import BlobStorageAWS
import Foundation

/// One record of S3's notifications, and of those that do as S3 does.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
struct S3EventRecord: Decodable {
    private struct Entity: Decodable {
        struct Bucket: Decodable {
            let name: String
        }

        struct Object: Decodable {
            let key: String
            let size: Int64?
            let eTag: String?
            let versionId: String?
            let sequencer: String?
        }

        let bucket: Bucket
        let object: Object
    }

    private enum CodingKeys: CodingKey {
        case eventSource
        case eventName
        case eventTime
        case s3
    }

    let event: BlobEvent

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let source = try fields.decode(String.self, forKey: .eventSource)
        guard source.utf8.count > 3, source.utf8.suffix(3).elementsEqual(":s3".utf8) else {
            throw S3EventDecoder.invalid("a record's \"eventSource\" is not S3")
        }
        let isCeph = source.utf8.elementsEqual("ceph:s3".utf8)
        let time = try EventFields.time(fields.decode(String.self, forKey: .eventTime))
        let name = S3EventName(try fields.decode(String.self, forKey: .eventName))
        let entity = try fields.decode(Entity.self, forKey: .s3)
        let object = entity.object
        event = BlobEvent(
            name.kind,
            name: name.text,
            source: try EventFields.bucket(entity.bucket.name),
            // radosgw alone writes the key as it is.
            key: try isCeph ? EventFields.key(object.key) : EventFields.decodedKey(object.key),
            byteCount: try EventFields.byteCount(object.size),
            etag: EventFields.etag(object.eTag),
            versionID: EventFields.text(object.versionId),
            time: time,
            sequencer: try EventFields.text(object.sequencer).map {
                let sequencer = try BlobEventSequencer($0)
                return isCeph ? CephSequencer.corrected(sequencer, time: time) : sequencer
            }
        )
    }
}

/// What the fields of events have in common.
enum EventFields {
    static func time(_ text: String) throws -> Date {
        guard let time = ISO8601Date.parse(text) else {
            throw S3EventDecoder.invalid("the event's time is not one of ISO 8601")
        }
        return time
    }

    static func bucket(_ name: String) throws -> String {
        guard !name.isEmpty else { throw S3EventDecoder.invalid("the bucket's name is empty") }
        return name
    }

    static func key(_ text: String) throws -> BlobKey { try BlobKey(text) }

    /// A key as in a form: a space is `+`.
    static func decodedKey(_ text: String) throws -> BlobKey {
        guard let key = S3URLDecoding.decode(text) else {
            throw S3EventDecoder.invalid("the key has a bad escape")
        }
        return try BlobKey(key)
    }

    static func byteCount(_ size: Int64?) throws -> Int64? {
        guard let size, size < 0 else { return size }
        throw S3EventDecoder.invalid("the blob's size is below zero")
    }

    /// The etag as `head` gives it: events have it without its quotes.
    static func etag(_ text: String?) -> ETag? {
        guard let text = self.text(text) else { return nil }
        return text.utf8.first == UInt8(ascii: "\"") ? ETag(text) : ETag("\"\(text)\"")
    }

    /// A text; one without a character is none.
    static func text(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text
    }
}
