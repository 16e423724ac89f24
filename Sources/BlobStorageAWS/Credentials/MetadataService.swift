internal import BlobStorage
internal import BlobStorageHTTP

/// Asks a service on the machine itself, quickly or not at all.
struct MetadataService: Sendable {
    /// The most bytes of an answer.
    static let answerLimit = 64 << 10
    /// How long to wait between attempts.
    static let pause = Duration.milliseconds(100)

    let transport: any HTTPTransport
    let time: TimeSource
    /// How long an attempt may take.
    let timeout: Duration
    /// How many attempts there are.
    let attemptCount: Int

    /// An answer that was read whole.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Sends a request, again after no answer or a 5xx.
    ///
    /// - Returns: The answer, whatever its status is.
    /// - Throws: ``HTTPError`` of the last attempt; `BlobError` if an answer is too large;
    ///   `CancellationError`.
    func send(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        headers: HTTPHeaders
    ) async throws -> Answer {
        var attempt = 1
        while true {
            do {
                let answer = try await sendOnce(method, url, headers)
                if answer.status < 500 || attempt >= attemptCount { return answer }
            } catch let error as HTTPError {
                guard attempt < attemptCount, error.kind != .invalidRequest else { throw error }
            }
            try Task.checkCancellation()
            attempt += 1
            try await time.sleep(Self.pause)
        }
    }

    private func sendOnce(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        _ headers: HTTPHeaders
    ) async throws -> Answer {
        let timeouts = HTTPTimeouts(connect: timeout, idle: timeout, total: timeout)
        let body = method == .put ? BlobBody([]) : nil
        let request = HTTPRequest(method, url, headers: headers, body: body, timeouts: timeouts)
        let response = try await transport.send(request)
        do {
            return Answer(
                status: response.status,
                body: try await response.body.collect(upTo: Self.answerLimit)
            )
        } catch let error as BlobError {
            throw BlobError.credentials(
                "\(url.origin) gave an answer that is cut, or longer than \(Self.answerLimit) bytes",
                kind: .unavailable,
                underlying: error
            )
        }
    }
}
