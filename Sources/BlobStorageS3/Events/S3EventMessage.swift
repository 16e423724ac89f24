public import BlobStorage

/// What a store, or a service in between, sends when something happened.
@nonexhaustive
public enum S3EventMessage: Sendable, Hashable {
    /// What happened, in the order of the document; the same event may be there twice.
    case events([BlobEvent])
    /// What S3 sends when notifications of a bucket are set up, to see whether it may.
    case test(bucket: String)
    /// What SNS sends to an address that is to get the messages of a topic, to see whether it wants.
    case subscription(SNSSubscription)
    /// What SNS sends to an address that gets no more of a topic's messages.
    case unsubscribed(topicARN: String)
}

/// The question of SNS whether an address wants the messages of a topic.
public struct SNSSubscription: Sendable, Hashable {
    /// The topic.
    public var topicARN: String
    /// The address that says yes when it is fetched; with a token, so not for logs.
    public var confirmationURL: String

    /// Creates a subscription from its parts.
    public init(topicARN: String, confirmationURL: String) {
        self.topicARN = topicARN
        self.confirmationURL = confirmationURL
    }
}

extension SNSSubscription: CustomStringConvertible, CustomReflectable {
    /// The topic alone.
    public var description: String { "a subscription to \(topicARN)" }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["topicARN": topicARN]) }
}
