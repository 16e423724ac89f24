import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

/// Sets notifications up on a test server, which is no part of the package's API.
struct NotificationSetup {
    let server: TestServer
    let transport = CurlTransport()

    /// Sends a request of any service, and returns the text of its answer.
    private func send(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        service: String,
        headers: HTTPHeaders,
        body: String
    ) async throws -> String {
        let bytes = Array(body.utf8)
        let client = AWSClient(
            service: service,
            transport: transport,
            credentials: server.credentials
        )
        let request = AWSRequest(
            "setup",
            HTTPRequest(method, url, headers: headers, body: BlobBody(bytes)),
            payload: .sha256(Checksum.of(bytes, .sha256).hex),
            region: server["REGION"] ?? "us-east-1"
        )
        return try await client.perform(request) { response in
            String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
        }
    }

    private var root: HTTPURL {
        get throws { try EndpointURL.parse(server["ENDPOINT"] ?? "", from: "the test server") }
    }

    /// Makes a topic of radosgw's that pushes to an address.
    ///
    /// - Returns: The topic's ARN.
    /// - SeeAlso: https://docs.ceph.com/en/latest/radosgw/notifications/#create-a-topic
    func makeTopic(_ name: String, endpoint: String, attributes: [String: String] = [:])
        async throws -> String
    {
        var fields = ["Action=CreateTopic", "Name=\(name)"]
        let all = attributes.merging(["push-endpoint": endpoint]) { $1 }
        for (index, (key, value)) in all.sorted(by: { $0.key < $1.key }).enumerated() {
            let encoded = AWSPercentEncoding.encode(value)
            fields.append("Attributes.entry.\(index + 1).key=\(key)")
            fields.append("Attributes.entry.\(index + 1).value=\(encoded)")
        }
        let answer = try await send(
            .post,
            root,
            service: "sns",
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: fields.joined(separator: "&")
        )
        let arn = answer.components(separatedBy: "<TopicArn>").last?
            .components(separatedBy: "</TopicArn>").first
        return try #require(arn)
    }

    /// Makes a queue of SQS.
    ///
    /// - Returns: The queue's address.
    func makeQueue(_ name: String) async throws -> String {
        let answer = try await sqs("CreateQueue", "{\"QueueName\":\"\(name)\"}")
        let fields = try JSONDecoder().decode([String: String].self, from: Data(answer.utf8))
        return try #require(fields["QueueUrl"])
    }

    /// How many messages a queue shows, and how many it hides.
    func messageCounts(_ queueURL: String) async throws -> [String] {
        struct Answer: Decodable {
            let attributes: [String: String]

            private enum CodingKeys: String, CodingKey {
                case attributes = "Attributes"
            }
        }
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        let answer = try await sqs(
            "GetQueueAttributes",
            "{\"QueueUrl\":\"\(queueURL)\",\"AttributeNames\":[\"All\"]}"
        )
        let found = try JSONDecoder().decode(Answer.self, from: Data(answer.utf8)).attributes
        return names.compactMap { found[$0] }
    }

    /// Puts a message into a queue.
    func send(_ message: String, to queueURL: String) async throws {
        let fields = ["QueueUrl": queueURL, "MessageBody": message]
        _ = try await sqs(
            "SendMessage",
            String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
        )
    }

    private func sqs(_ operation: String, _ body: String) async throws -> String {
        try await send(
            .post,
            root,
            service: "sqs",
            headers: [
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "AmazonSQS.\(operation)",
            ],
            body: body
        )
    }

    /// Has a bucket tell of its changes.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
    func notify(_ bucket: String, _ kind: String, _ arn: String) async throws {
        let events = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
            .map { "<Event>\($0)</Event>" }.joined()
        let url = try server.configuration(bucket: bucket).resolvedEndpoint()
            .bucketURL(query: "notification")
        _ = try await send(
            .put,
            url,
            service: "s3",
            headers: [:],
            body: """
                <NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                <\(kind)Configuration><Id>all</Id><\(kind)>\(arn)</\(kind)>\(events)\
                </\(kind)Configuration></NotificationConfiguration>
                """
        )
    }
}
