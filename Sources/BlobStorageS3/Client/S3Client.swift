internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageCrypto
internal import BlobStorageHTTP

/// Sends calls to one bucket: addresses them, and finds out where the bucket is.
final class S3Client: Sendable {
    let configuration: S3Configuration
    let time: TimeSource
    /// The headers that the configuration asks for.
    let serviceHeaders: S3ServiceHeaders
    let aws: AWSClient
    /// Signs requests that others send.
    let presigning: S3PresignEngine
    private let transport: any HTTPTransport
    private let retry: RetryPolicy
    private let random: @Sendable () -> Double
    private let endpoint: Locked<S3Endpoint>

    /// The most times that an answer may send a call to another region.
    private static let maximumRegionChanges = 2

    init(
        _ configuration: S3Configuration,
        _ endpoint: S3Endpoint,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) throws {
        serviceHeaders = try S3ServiceHeaders(configuration)
        presigning = S3PresignEngine(
            configuration,
            service: endpoint.signingService,
            serviceHeaders: serviceHeaders,
            credentials: credentials
        )
        self.configuration = configuration
        self.transport = transport
        self.time = time
        self.random = random
        self.endpoint = Locked(endpoint)
        retry = RetryPolicy(maximumAttempts: configuration.maximumAttempts)
        aws = AWSClient(
            service: endpoint.signingService,
            transport: transport,
            credentials: credentials,
            retry: retry,
            time: time,
            random: random
        )
    }

    deinit {
        transport.close()
    }

    /// The region that calls are signed for.
    var region: String { endpoint.withLock { $0.signingRegion } }

    /// Where calls go.
    var currentEndpoint: S3Endpoint { endpoint.withLock { $0 } }

    /// When an operation must be done that begins now; `nil` if there is no limit.
    var operationDeadline: Duration? {
        configuration.operationTimeout.map { time.uptime() + $0 }
    }

    /// Sends a call and interprets its answer.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - interpret: Makes the result of an answer with a status below 300.
    /// - Returns: What `interpret` returned.
    /// - Throws: `AWSFailure`; `CancellationError`; what the body, the credentials or `interpret`
    ///   throws.
    func send<Result: Sendable>(
        _ call: S3Call,
        _ interpret: @Sendable (HTTPResponse) async throws -> Result
    ) async throws -> Result {
        let deadline = call.deadline ?? operationDeadline
        var changeCount = 0
        while true {
            let endpoint = endpoint.withLock { $0 }
            do {
                return try await aws.perform(request(call, endpoint, deadline), interpret)
            } catch let failure as AWSFailure {
                guard changeCount < Self.maximumRegionChanges, call.body.isReplayable,
                    let region = failure.bucketRegion,
                    !UTF8Order.equal(region, endpoint.signingRegion)
                else { throw failure }
                // The bucket is elsewhere; its own region's endpoint is worked out anew, so no
                // credentials follow a redirect to a host that an answer names.
                let other = try configuration.resolvedEndpoint(region: region)
                self.endpoint.withLock { $0 = other }
                changeCount += 1
            }
        }
    }

    /// Waits before something is tried again.
    ///
    /// - Parameter count: How often it failed, from 1.
    /// - Throws: `CancellationError`.
    func backOff(_ count: Int) async throws {
        try await time.sleep(retry.delay(beforeRetry: count, serverDelay: nil, random: random()))
    }

    private func request(
        _ call: S3Call,
        _ endpoint: S3Endpoint,
        _ deadline: Duration?
    ) -> AWSRequest {
        let query = call.query.isEmpty ? nil : S3PathEncoding.query(call.query)
        let url =
            call.key.map { endpoint.url(for: $0, query: query) }
            ?? endpoint.bucketURL(query: query)
        var headers = call.headers
        headers.add(serviceHeaders.all)
        let timeouts = HTTPTimeouts(
            connect: configuration.connectTimeout,
            idle: configuration.idleTimeout
        )
        let (body, payload) = self.body(call.body, isSecret: endpoint.scheme == .https)
        return AWSRequest(
            call.operation,
            HTTPRequest(call.method, url, headers: headers, body: body, timeouts: timeouts),
            payload: payload,
            region: endpoint.signingRegion,
            deadline: deadline
        )
    }

    /// What is sent, and how it is signed: over TLS, which protects it, the body is not hashed again.
    private func body(_ body: S3Call.Body, isSecret: Bool) -> (BlobBody?, PayloadSigning) {
        switch body {
        case .none:
            (nil, .empty)
        case .bytes(let bytes):
            (BlobBody(bytes), isSecret ? .unsigned : .sha256(SHA256.digest(of: bytes).hex))
        case .streamed(let body, let trailer):
            (
                body,
                isSecret
                    ? .unsignedChunked(trailer: S3Checksums.header(trailer))
                    : .chunked(trailer: S3Checksums.header(trailer))
            )
        }
    }
}

extension AWSFailure {
    /// The region that the store says the bucket is in.
    fileprivate var bucketRegion: String? {
        guard let answer, [301, 307, 400].contains(answer.status) else { return nil }
        return answer.headers["x-amz-bucket-region"] ?? answer.details["Region"]
    }
}

extension S3Call.Body {
    fileprivate var isReplayable: Bool {
        switch self {
        case .none, .bytes: true
        case .streamed(let body, _): body.isReplayable
        }
    }
}
