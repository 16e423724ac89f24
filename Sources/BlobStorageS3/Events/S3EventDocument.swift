import BlobStorage

/// The outermost object of a document; which one it is, its fields tell.
struct S3EventDocument: Decodable {
    enum Content {
        case message(S3EventMessage)
        /// A document in the envelope of SNS.
        case wrapped(String)
    }

    private enum CodingKeys: String, CodingKey {
        // S3's notifications.
        case records = "Records"
        // S3's test of a queue.
        case event = "Event"
        case bucket = "Bucket"
        // EventBridge.
        case detailType = "detail-type"
        // SNS.
        case type = "Type"
        case message = "Message"
        case topic = "TopicArn"
        case subscribeURL = "SubscribeURL"
    }

    let content: Content

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if fields.contains(.records) {
            let records = try fields.decode([S3EventRecord].self, forKey: .records)
            content = .message(.events(records.map(\.event)))
        } else if fields.contains(.detailType) {
            content = .message(.events([try EventBridgeEvent(from: decoder).event]))
        } else if fields.contains(.type) {
            content = try Self.envelope(fields)
        } else if fields.contains(.event) {
            let event = try fields.decode(String.self, forKey: .event)
            guard event.utf8.elementsEqual("s3:TestEvent".utf8) else {
                throw S3EventDecoder.invalid("\"Event\" is not \"s3:TestEvent\"")
            }
            let bucket = try fields.decode(String.self, forKey: .bucket)
            content = .message(.test(bucket: bucket))
        } else {
            throw S3EventDecoder.invalid(
                "the document is none of S3, SNS or EventBridge: it has no \"Records\", \"Event\", "
                    + "\"Type\" or \"detail-type\""
            )
        }
    }

    /// - SeeAlso: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    private static func envelope(
        _ fields: KeyedDecodingContainer<CodingKeys>
    ) throws -> Content {
        switch try fields.decode(String.self, forKey: .type) {
        case "Notification":
            return .wrapped(try fields.decode(String.self, forKey: .message))
        case "SubscriptionConfirmation":
            let subscription = SNSSubscription(
                topicARN: try fields.decode(String.self, forKey: .topic),
                confirmationURL: try fields.decode(String.self, forKey: .subscribeURL)
            )
            return .message(.subscription(subscription))
        case "UnsubscribeConfirmation":
            return .message(.unsubscribed(topicARN: try fields.decode(String.self, forKey: .topic)))
        default:
            throw S3EventDecoder.invalid("\"Type\" is none that SNS sends")
        }
    }
}
