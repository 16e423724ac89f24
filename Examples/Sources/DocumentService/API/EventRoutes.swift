import BlobStorage
import BlobStorageGateway
import BlobStorageS3

/// Where a bucket, or what stands between, pushes its events to.
struct EventRoutes: Sendable {
    private let receiver: S3EventReceiver

    /// Creates the route.
    ///
    /// - Parameters:
    ///   - token: The secret that the sender must know.
    ///   - topics: The topics of SNS whose subscriptions are confirmed.
    ///   - processor: What handles the events.
    /// - Throws: `BlobError` for a token that no header can carry.
    init(token: String, _ topics: [String]?, _ processor: BlobEventProcessor) throws {
        // Whoever uploads to radosgw waits for the answer, and should not wait for a thumbnail.
        let options = S3EventReceiverOptions(answersEarly: true, confirmedTopics: Set(topics ?? []))
        receiver = try S3EventReceiver(token: token, options: options, processor: processor)
    }

    var routes: [Route] { [Route("POST", "/events", receive)] }

    @Sendable private func receive(_ call: Call) async throws -> HTTPServerResponse {
        let answer = await receiver.respond(to: call.request)
        guard answer.status >= 400 else { return answer }
        let text = try await answer.body.collect(upTo: Call.bodyByteLimit)
        let kind: ProblemKind =
            switch answer.status {
            case 401: .signInRequired
            case 403: .forbidden
            case 413: .bodyTooLarge
            case 500...: .unavailable
            default: .invalidRequest
            }
        var headers = answer.headers
        headers["Content-Type"] = nil
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        throw Problem(kind, String(decoding: line, as: UTF8.self), headers: headers)
    }
}
