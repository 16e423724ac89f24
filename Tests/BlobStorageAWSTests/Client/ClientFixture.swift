import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// A client, the server that it talks to, and their clock.
struct ClientFixture {
    let time: VirtualTime
    let transport: ScriptedTransport
    let client: AWSClient

    /// Each delay has the same part, `jitter`, of its upper bound.
    init(
        _ steps: [ScriptStep] = [],
        then last: ScriptStep = .refuse(.closed),
        credentials: (any AWSCredentialsProvider)? = nil,
        retry: RetryPolicy = RetryPolicy(),
        jitter: Double = 0.5,
        time: VirtualTime = VirtualTime()
    ) {
        self.time = time
        transport = ScriptedTransport(steps, then: last, time: time)
        client = AWSClient(
            service: "s3",
            transport: transport,
            credentials: credentials,
            retry: retry,
            time: time.source,
            random: { jitter }
        )
    }

    static let url = HTTPURL(.https, host: "bucket.example.com", path: "/key")

    /// A request without a deadline, or one so much later than now.
    func request(
        _ method: HTTPMethod = .get,
        body: BlobBody? = nil,
        isIdempotent: Bool = true,
        timeLimit: Duration? = nil
    ) -> AWSRequest {
        AWSRequest(
            "Operation",
            HTTPRequest(method, Self.url, body: body),
            payload: .unsigned,
            region: "us-east-1",
            isIdempotent: isIdempotent,
            deadline: timeLimit.map { time.uptime + $0 }
        )
    }

    /// Sends a request and returns the answer's text.
    @discardableResult
    func perform(_ request: AWSRequest? = nil) async throws -> String {
        try await client.perform(request ?? self.request()) { response in
            String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
        }
    }

    /// Sends a request that must fail.
    func failure(
        _ request: AWSRequest? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> AWSFailure {
        try await #require(throws: AWSFailure.self, sourceLocation: sourceLocation) {
            try await perform(request)
        }
    }
}

/// The error document of S3.
func errorXML(_ code: String) -> String {
    "<Error><Code>\(code)</Code><Message>m</Message><RequestId>r</RequestId></Error>"
}

/// A body that can be read once, and fails a second reading.
func onceOnlyBody(_ text: String) -> BlobBody {
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    continuation.yield(Array(text.utf8))
    continuation.finish()
    return BlobBody(stream, byteCount: Int64(text.utf8.count))
}
