import BlobStorage

/// An event of S3 as EventBridge hands it on.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
struct EventBridgeEvent: Decodable {
    private struct Detail: Decodable {
        struct Bucket: Decodable {
            let name: String
        }

        struct Object: Decodable {
            private enum CodingKeys: String, CodingKey {
                case key
                case size
                case etag
                case versionID = "version-id"
                case sequencer
            }

            let key: String
            let size: Int64?
            let etag: String?
            let versionID: String?
            let sequencer: String?
        }

        let bucket: Bucket
        let object: Object
    }

    private enum CodingKeys: String, CodingKey {
        case source
        case detailType = "detail-type"
        case time
        case detail
    }

    let event: BlobEvent

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let source = try fields.decode(String.self, forKey: .source)
        guard source.utf8.elementsEqual("aws.s3".utf8) else {
            throw S3EventDecoder.invalid("the event's \"source\" is not \"aws.s3\"")
        }
        let name = try fields.decode(String.self, forKey: .detailType)
        let time = try EventFields.time(fields.decode(String.self, forKey: .time))
        let detail = try fields.decode(Detail.self, forKey: .detail)
        let object = detail.object
        event = BlobEvent(
            Self.kinds[name] ?? .other,
            name: name,
            source: try EventFields.bucket(detail.bucket.name),
            // As it is, not as in a form.
            key: try EventFields.key(object.key),
            byteCount: try EventFields.byteCount(object.size),
            etag: EventFields.etag(object.etag),
            versionID: EventFields.text(object.versionID),
            time: time,
            sequencer: try EventFields.text(object.sequencer).map { try BlobEventSequencer($0) }
        )
    }

    private static let kinds: [String: BlobEvent.Kind] = [
        "Object Created": .created,
        "Object Deleted": .deleted,
        "Object Tags Added": .tagsChanged,
        "Object Tags Deleted": .tagsChanged,
    ]
}
