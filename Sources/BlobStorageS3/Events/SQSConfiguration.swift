import BlobStorage
public import BlobStorageAWS
import BlobStorageHTTP

/// Which queue of SQS events are polled from, and how.
///
///     let configuration = SQSConfiguration(
///         queueURL: "https://sqs.eu-central-1.amazonaws.com/123456789012/uploads"
///     )
public struct SQSConfiguration: Sendable {
    /// The queue's address, as AWS shows it.
    public var queueURL: String
    /// The region; `nil` takes it from the address, where it stands on AWS, and else `us-east-1`.
    public var region: String?
    /// Where credentials come from; `nil` is the default chain.
    public var credentials: (any AWSCredentialsProvider)?
    /// The profile of the shared configuration files that the default chain reads.
    public var profile: String?
    /// How long a poll waits for a message: 0 to 20 whole seconds.
    public var waitTime = Duration.seconds(20)
    /// How long a message that was received stays hidden from others: 10 seconds to 12 hours.
    ///
    /// It is renewed while the message's events are handled, however long that takes.
    public var visibilityTimeout = Duration.seconds(60)
    /// The most messages that are received and not done.
    public var maximumMessageCount = 100
    /// Whether a message that can't be made out is deleted; else it comes again, until the queue's
    /// own policy sets it aside.
    public var deletesUnreadable = false
    /// How often a request is sent at most, the first time included.
    public var maximumAttempts = 5
    /// How long a connection may take to stand.
    public var connectTimeout = Duration.seconds(10)
    /// A file of certificates, in PEM, to trust in place of the system's.
    public var certificateFile: String?
    /// Whether `HTTPS_PROXY` and its kin are followed.
    public var usesEnvironmentProxy = false

    /// Creates the configuration of a queue; the rest are properties to set.
    ///
    /// - Parameters:
    ///   - queueURL: The queue's address.
    ///   - region: The region; `nil` takes it from the address.
    ///   - credentials: Where credentials come from; `nil` is the default chain.
    public init(
        queueURL: String,
        region: String? = nil,
        credentials: (any AWSCredentialsProvider)? = nil
    ) {
        self.queueURL = queueURL
        self.region = region
        self.credentials = credentials
    }

    /// The most attempts that may be configured.
    private static let maximumAttemptsLimit = 20
    /// SQS allows 120,000 messages to be hidden at once.
    private static let messageCountRange = 10...10_000

    /// Throws unless everything that is set can be.
    func validate() throws {
        guard waitTime.isWholeSeconds, (0...20).contains(waitTime.components.seconds) else {
            throw Self.invalid("the wait time is \(waitTime); it is 0 to 20 whole seconds")
        }
        guard visibilityTimeout.isWholeSeconds,
            (10...43_200).contains(visibilityTimeout.components.seconds)
        else {
            throw Self.invalid(
                "the visibility timeout is \(visibilityTimeout); it is 10 to 43,200 whole seconds"
            )
        }
        guard Self.messageCountRange.contains(maximumMessageCount) else {
            throw Self.invalid(
                "the count of messages is \(maximumMessageCount); it is 10 to 10,000"
            )
        }
        guard (1...Self.maximumAttemptsLimit).contains(maximumAttempts) else {
            throw Self.invalid(
                "the count of attempts is \(maximumAttempts); it is 1 to "
                    + "\(Self.maximumAttemptsLimit)"
            )
        }
        guard connectTimeout > .zero else {
            throw Self.invalid("the connect timeout is not above zero")
        }
    }

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "open", message: message)
    }
}

extension SQSConfiguration {
    /// Where the queue is.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    func endpoint() throws -> HTTPURL {
        var url = try EndpointURL.parse(queueURL, from: "the address of the queue")
        guard url.path.utf8.count > 1, url.query == nil else {
            throw Self.invalid("the address of the queue has no path, or it has a query")
        }
        // The queue is named in the request.
        url.path = "/"
        return url
    }

    /// The region to sign for.
    var signingRegion: String {
        if let region { return region }
        let host = (try? endpoint())?.host ?? ""
        let labels = host.utf8.split(separator: 0x2E).map { String(decoding: $0, as: UTF8.self) }
        // sqs.REGION.amazonaws.com and sqs.REGION.api.aws; REGION.queue.amazonaws.com is the old form.
        if labels.count >= 4, ["sqs", "sqs-fips"].contains(labels[0]) { return labels[1] }
        if labels.count >= 4, labels[1] == "queue" { return labels[0] }
        return "us-east-1"
    }
}

extension Duration {
    fileprivate var isWholeSeconds: Bool { components.attoseconds == 0 }
}
