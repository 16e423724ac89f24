import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP

/// Says yes to SNS, which asks whether an address wants the messages of a topic.
///
/// The yes is the fetch of an address out of the message. A receiver that fetched just any would be a
/// tool to reach what is behind its firewall, so it fetches SNS's own alone, of topics it knows.
///
/// - SeeAlso: https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html
final class SNSConfirmation: Sendable {
    private static let timeouts = HTTPTimeouts(total: .seconds(20))

    private let topics: Set<String>
    private let transport: any HTTPTransport

    init(topics: Set<String>, transport: any HTTPTransport) {
        self.topics = topics
        self.transport = transport
    }

    deinit {
        transport.close()
    }

    /// Confirms a subscription.
    ///
    /// - Returns: Whether it was; `false` if the topic is not one that is wanted.
    /// - Throws: `BlobError` of kind `invalidArgument` if the address is not SNS's; of kind
    ///   `unavailable` if SNS did not take the answer.
    func confirm(_ subscription: SNSSubscription) async throws -> Bool {
        guard topics.contains(where: { UTF8Order.equal($0, subscription.topicARN) }) else {
            return false
        }
        let url = try EndpointURL.parse(subscription.confirmationURL, from: "\"SubscribeURL\"")
        guard Self.isOfSNS(url) else {
            throw BlobError(
                .invalidArgument,
                operation: "subscribe",
                message: "\"SubscribeURL\" is not an address of SNS"
            )
        }
        let status: Int
        do {
            let answer = try await transport.send(HTTPRequest(.get, url, timeouts: Self.timeouts))
            status = answer.status
        } catch let error as HTTPError {
            throw Self.unavailable(error.message)
        }
        guard status == 200 else { throw Self.unavailable("SNS answered with HTTP \(status)") }
        return true
    }

    /// `sns.eu-central-1.amazonaws.com`, or the same in China.
    private static func isOfSNS(_ url: HTTPURL) -> Bool {
        let labels = url.host.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let isChina = labels.last == "cn"
        return url.scheme == .https && (url.port ?? 443) == 443
            && labels.count == (isChina ? 5 : 4)
            && labels[0] == "sns" && labels[2] == "amazonaws" && labels[3] == "com"
    }

    private static func unavailable(_ message: String) -> BlobError {
        BlobError(.unavailable, operation: "subscribe", message: message)
    }
}
