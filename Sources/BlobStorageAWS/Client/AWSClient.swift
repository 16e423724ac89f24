internal import BlobStorage
package import BlobStorageHTTP
package import Foundation

/// Sends requests to an AWS service: signs each attempt anew, tries again what is worth it, corrects
/// the clock, decodes errors.
///
/// Copies share the retry quota and what was learnt about the server's clock: have one for a store.
package struct AWSClient: Sendable {
    let signer: SigV4Signer
    let transport: any HTTPTransport
    let credentials: (any AWSCredentialsProvider)?
    private let inMemory: (any CredentialsInMemory)?
    let retry: RetryPolicy
    let time: TimeSource
    let random: @Sendable () -> Double
    let quota = RetryQuota()
    let clock = ClockCorrection()

    /// What requests say they come from, unless they say it themselves.
    package static let userAgent = "swift-blob-storage"

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - service: The name that the service has in signatures, such as `s3`.
    ///   - transport: What sends the requests.
    ///   - credentials: Who signs; `nil` leaves requests unsigned.
    ///   - retry: When to try again.
    ///   - time: The clocks.
    ///   - random: A number from 0 up to, not including, 1, for the jitter of delays.
    package init(
        service: String,
        transport: any HTTPTransport,
        credentials: (any AWSCredentialsProvider)?,
        retry: RetryPolicy = RetryPolicy(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        signer = SigV4Signer(service: service)
        self.transport = transport
        self.credentials = credentials
        inMemory = credentials as? any CredentialsInMemory
        self.retry = retry
        self.time = time
        self.random = random
    }

    /// The time of day as the server sees it, as far as that is known: what to presign with.
    package var correctedNow: Date { time.now().addingTimeInterval(clock.current) }

    /// Calls `body`, which sends a request that no caller asked for, if the retry quota has room for
    /// it: to look what became of another one, say.
    ///
    /// - Returns: What `body` returns; `nil`, too, if there is no room.
    package func withinQuota<Result>(_ body: () async -> Result?) async -> Result? {
        guard quota.take(RetryQuota.failureCost) else { return nil }
        let result = await body()
        if result != nil { quota.giveBack(RetryQuota.failureCost) }
        return result
    }

    /// Sends a request, again if need be, and interprets its answer.
    ///
    /// A body that can be read only once is sent again only if no attempt has begun to read it.
    ///
    /// - Parameters:
    ///   - request: What to send. With a deadline, the answer's body must be read before it too.
    ///   - interpret: Makes the result of an answer with a status below 300. What it throws as
    ///     ``AWSFailure`` (200 with an error in the body, say) or as ``HTTPError`` (a body that
    ///     broke) counts as the attempt's failure and may be tried again.
    /// - Returns: What `interpret` returned.
    /// - Throws: ``AWSFailure``; `CancellationError`; what else `interpret` throws; what the
    ///   credentials provider or the request's body throws, unless an earlier attempt may have
    ///   taken effect: then the failure of that attempt, which says so.
    package func perform<Result: Sendable>(
        _ request: AWSRequest,
        _ interpret: @Sendable (HTTPResponse) async throws -> Result
    ) async throws -> Result {
        var call = AWSCall(request)
        while true {
            try Task.checkCancellation()
            let http: HTTPRequest
            do { http = try await prepare(&call) } catch { throw call.replacing(error) }
            call.attemptCount += 1
            let failure: AWSFailure
            do {
                let result = try await send(http, interpret)
                quota.giveBack(call.lastRetryCost)
                return result
            } catch let error as AWSFailure {
                failure = error
            } catch let error as InterpretationError {
                throw error.base
            } catch {
                throw call.replacing(error)
            }
            // A transfer that was cancelled may say that its connection was lost.
            try Task.checkCancellation()
            call.note(failure)
            if let delay = try await delay(afterFailureOf: &call) { try await time.sleep(delay) }
        }
    }

    // MARK: One attempt

    /// The request of the next attempt: signed anew, by credentials fetched anew.
    private func prepare(_ call: inout AWSCall) async throws -> HTTPRequest {
        var http = call.request.http
        http.body = call.body
        if http.headers["User-Agent"] == nil { http.headers["User-Agent"] = Self.userAgent }
        _ = try remainingTime(of: call)
        if credentials == nil { try checkUnsigned(call.request.payload) }
        if let provider = credentials {
            let used = try await fetchCredentials(from: provider, for: call)
            if let refused = call.refusedCredentials, refused == used { throw call.failure() }
            call.usedCredentials = used
            call.usedCorrection = clock.current
            try signer.sign(
                &http,
                payload: call.request.payload,
                region: call.request.region,
                credentials: used,
                at: time.now().addingTimeInterval(call.usedCorrection)
            )
        }
        if let remaining = try remainingTime(of: call) {
            http.timeouts.total = min(http.timeouts.total ?? remaining, remaining)
        }
        return http
    }

    private func checkUnsigned(_ payload: PayloadSigning) throws(HTTPError) {
        switch payload {
        case .sha256, .unsigned: return
        case .chunked, .unsignedChunked:
            let message = "a body in signed chunks needs credentials"
            throw HTTPError(.invalidRequest, message, mayHaveArrived: false)
        }
    }

    private func fetchCredentials(
        from provider: any AWSCredentialsProvider,
        for call: AWSCall
    ) async throws -> AWSCredentials {
        if let credentials = inMemory?.credentialsInMemory { return credentials }
        guard let remaining = try remainingTime(of: call) else {
            return try await provider.credentials()
        }
        let isLate = call.deadlineFailure
        return try await withThrowingTaskGroup(of: AWSCredentials.self) { group in
            group.addTask { try await provider.credentials() }
            group.addTask { [time] in
                try await time.sleep(remaining)
                throw isLate
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw isLate }
            return first
        }
    }

    /// How much time is left; `nil` if there is no limit.
    ///
    /// - Throws: ``AWSFailure`` of the deadline if there is none left.
    private func remainingTime(of call: AWSCall) throws -> Duration? {
        guard let deadline = call.request.deadline else { return nil }
        let remaining = deadline - time.uptime()
        guard remaining > .zero else { throw call.deadlineFailure }
        return remaining
    }

    private func send<Result: Sendable>(
        _ http: HTTPRequest,
        _ interpret: @Sendable (HTTPResponse) async throws -> Result
    ) async throws -> Result {
        let isChange = http.method != .get && http.method != .head
        let response: HTTPResponse
        do {
            response = try await transport.send(http)
        } catch let error as HTTPError {
            throw AWSFailure(
                .transport(error),
                mayHaveHappened: isChange && error.mayHaveArrived
            )
        }
        guard response.status < 300 else {
            let answer = try await ErrorAnswer.read(response)
            throw AWSFailure(
                .answer(answer),
                mayHaveHappened: isChange && AnswerClass(answer).mayHaveHappened
            )
        }
        do {
            return try await interpret(response)
        } catch let error as HTTPError {
            // The answer had begun, and not with an error.
            throw AWSFailure(.transport(error), mayHaveHappened: isChange)
        } catch var failure as AWSFailure {
            // Here an answer is an error in the body of a good status.
            let isUnknown = failure.answer.map { AnswerClass($0).mayHaveHappened } ?? true
            failure.mayHaveHappened = isChange && (failure.mayHaveHappened || isUnknown)
            throw failure
        } catch {
            throw InterpretationError(base: error)
        }
    }

    /// What a caller threw over an answer: it passes unchanged.
    private struct InterpretationError: Error {
        let base: any Error
    }
}

extension AWSClient: CustomReflectable {
    /// Shows the service alone to `dump`: the signer keeps keys.
    package var customMirror: Mirror { Mirror(self, children: ["service": signer.service]) }
}
