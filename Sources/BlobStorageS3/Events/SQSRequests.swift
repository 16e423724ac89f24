import BlobStorageAWS

// The requests of SQS, in its own names:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html

struct ReceiveMessageRequest: AWSJSONRequest {
    static let operation = "ReceiveMessage"
    /// The most messages of one answer, by SQS's rule.
    static let maximumCount = 10

    struct Answer: Decodable, Sendable {
        /// Missing if there is none.
        let messages: [SQSMessage]?

        private enum CodingKeys: String, CodingKey {
            case messages = "Messages"
        }
    }

    var queueURL: String
    var waitSeconds: Int64
    var visibilitySeconds: Int64
    var count = maximumCount

    private enum CodingKeys: String, CodingKey {
        case queueURL = "QueueUrl"
        case waitSeconds = "WaitTimeSeconds"
        case visibilitySeconds = "VisibilityTimeout"
        case count = "MaxNumberOfMessages"
    }
}

/// A message as it was received.
struct SQSMessage: Decodable, Sendable {
    let id: String
    /// Names this receipt of the message.
    let receipt: String
    let body: String
    /// The MD5 of the body, in hexadecimal digits.
    let digest: String?

    private enum CodingKeys: String, CodingKey {
        case id = "MessageId"
        case receipt = "ReceiptHandle"
        case body = "Body"
        case digest = "MD5OfBody"
    }
}

struct DeleteMessageRequest: AWSJSONRequest {
    typealias Answer = AWSEmptyAnswer
    static let operation = "DeleteMessage"
    static let mayHaveEmptyAnswer = true

    var queueURL: String
    var receipt: String

    private enum CodingKeys: String, CodingKey {
        case queueURL = "QueueUrl"
        case receipt = "ReceiptHandle"
    }
}

struct ChangeMessageVisibilityRequest: AWSJSONRequest {
    typealias Answer = AWSEmptyAnswer
    static let operation = "ChangeMessageVisibility"
    static let mayHaveEmptyAnswer = true

    var queueURL: String
    var receipt: String
    var visibilitySeconds: Int64

    private enum CodingKeys: String, CodingKey {
        case queueURL = "QueueUrl"
        case receipt = "ReceiptHandle"
        case visibilitySeconds = "VisibilityTimeout"
    }
}
