internal import BlobStorage
package import BlobStorageHTTP

/// A request as a scripted server got it.
package struct SentRequest: Sendable {
    /// The request without its body.
    package let http: HTTPRequest
    /// The body; `nil` if it was not read, or there was none.
    package let body: [UInt8]?
    /// When it came, in the clock's uptime.
    package let time: Duration
    /// Which request it was, from 1.
    package let number: Int

    /// The body as text.
    package var text: String { String(decoding: body ?? [], as: UTF8.self) }
}

/// What a scripted server does with one request.
package indirect enum ScriptStep: Sendable {
    /// Reads the body and answers.
    case answer(Int, HTTPHeaders = [:], String = "")
    /// Answers without reading the body.
    case earlyAnswer(Int, HTTPHeaders = [:], String = "")
    /// Fails before anything arrives: the body is not read.
    case refuse(HTTPError.Kind = .connectFailed)
    /// Reads the body, does what was asked, and loses the answer.
    case loseAnswer(HTTPError.Kind = .connectionLost)
    /// Breaks off after a chunk of the body.
    case breakUpload
    /// Reads the body and says nothing until a time limit passes.
    case stall
    /// Answers with a body that breaks off after the text.
    case brokenBody(Int, HTTPHeaders = [:], String = "")
    /// Waits before the step.
    case after(Duration, ScriptStep)
    /// Reads the body and answers with what a closure makes of the request.
    case respond(@Sendable (SentRequest) throws -> HTTPResponse)
    /// Reads the body and does what a closure makes of the request.
    case choose(@Sendable (SentRequest) -> ScriptStep)
}

/// A server that follows a script, under virtual time.
package final class ScriptedTransport: HTTPTransport {
    private struct State {
        var steps: ArraySlice<ScriptStep>
        var sent: [SentRequest] = []
        var count = 0
        var isClosed = false
    }

    /// The most bytes of a request's body that are kept.
    private static let bodyLimit = 64 << 20

    private let state: Locked<State>
    private let last: ScriptStep
    private let time: VirtualTime

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - steps: What it does, request by request.
    ///   - last: What it does with every request after those.
    ///   - time: The clock that it waits by.
    package init(
        _ steps: [ScriptStep] = [],
        then last: ScriptStep = .refuse(.closed),
        time: VirtualTime = VirtualTime()
    ) {
        state = Locked(State(steps: steps[...]))
        self.last = last
        self.time = time
    }

    /// The requests so far.
    package var sent: [SentRequest] { state.snapshot { $0.sent } }

    /// How many requests came, whether their bodies were read or not.
    package var requestCount: Int { state.withLock { $0.count } }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let (step, number) = try state.withLock { state in
            guard !state.isClosed else {
                throw HTTPError(.closed, "the transport is closed", mayHaveArrived: false)
            }
            state.count += 1
            return (state.steps.popFirst() ?? last, state.count)
        }
        let start = time.uptime
        return try await run(Exchange(request: request, number: number, start: start), step)
    }

    package func close() {
        state.withLock { $0.isClosed = true }
    }

    private struct Exchange {
        let request: HTTPRequest
        let number: Int
        let start: Duration
    }

    private func run(_ exchange: Exchange, _ step: ScriptStep) async throws -> HTTPResponse {
        switch step {
        case .answer(let status, let headers, let text):
            _ = try await take(exchange)
            return response(exchange, status, headers, Array(text.utf8))
        case .earlyAnswer(let status, let headers, let text):
            record(exchange, body: nil)
            return response(exchange, status, headers, Array(text.utf8))
        case .refuse(let kind):
            record(exchange, body: nil)
            throw HTTPError(kind, "refused by the script", mayHaveArrived: false)
        case .loseAnswer(let kind):
            _ = try await take(exchange)
            throw HTTPError(kind, "the answer was lost", mayHaveArrived: true)
        case .breakUpload:
            var iterator = exchange.request.body?.makeAsyncIterator()
            _ = try await iterator?.next()
            record(exchange, body: nil)
            throw HTTPError(.connectionLost, "the upload broke off", mayHaveArrived: true)
        case .stall:
            _ = try await take(exchange)
            let limits = exchange.request.timeouts
            try await wait(min(limits.idle, limits.total ?? limits.idle), exchange)
            throw HTTPError(.timedOut, "no byte came in time", mayHaveArrived: true)
        case .brokenBody(let status, let headers, let text):
            _ = try await take(exchange)
            return HTTPResponse(
                status: status,
                headers: headers,
                body: BlobBody(BrokenChunks(bytes: Array(text.utf8)))
            )
        case .after(let delay, let next):
            try await wait(delay, exchange)
            return try await run(exchange, next)
        case .respond(let make):
            return try make(try await take(exchange))
        case .choose(let choose):
            let sent = try await take(exchange)
            // The body was read.
            var rest = exchange.request
            rest.body = sent.body.map { BlobBody($0) }
            let next = Exchange(request: rest, number: sent.number, start: exchange.start)
            return try await run(next, choose(sent))
        }
    }

    /// Waits as long as the request's limits allow.
    private func wait(_ duration: Duration, _ exchange: Exchange) async throws {
        let used = time.uptime - exchange.start
        guard let total = exchange.request.timeouts.total, used + duration > total else {
            return try await time.sleep(duration)
        }
        try await time.sleep(max(total - used, .zero))
        throw HTTPError(.timedOut, "the total time is up", mayHaveArrived: true)
    }

    private func response(
        _ exchange: Exchange,
        _ status: Int,
        _ headers: HTTPHeaders,
        _ bytes: [UInt8]
    ) -> HTTPResponse {
        let isHead = exchange.request.method == .head
        return HTTPResponse(status: status, headers: headers, body: BlobBody(isHead ? [] : bytes))
    }

    private func take(_ exchange: Exchange) async throws -> SentRequest {
        let body = try await exchange.request.body?.collect(upTo: Self.bodyLimit)
        try Task.checkCancellation()
        return record(exchange, body: body)
    }

    @discardableResult
    private func record(_ exchange: Exchange, body: [UInt8]?) -> SentRequest {
        var http = exchange.request
        http.body = nil
        let sent = SentRequest(
            http: http,
            body: body,
            time: exchange.start,
            number: exchange.number
        )
        state.withLock { state in
            // A step that chooses another reads the body twice.
            state.sent.removeAll { $0.number == exchange.number }
            state.sent.append(sent)
        }
        return sent
    }
}

/// The script is a test's own: a dump of what holds the transport leaves it out.
extension ScriptedTransport: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Chunks that end in an error.
package struct BrokenChunks: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

    package struct Iterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?

        package mutating func next() async throws -> [UInt8]? {
            guard let chunk = bytes else {
                throw HTTPError(.connectionLost, "the answer broke off", mayHaveArrived: true)
            }
            bytes = nil
            return chunk
        }
    }
}
