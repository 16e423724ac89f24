import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport

/// The way to a ``FakeS3``, on which chosen requests go wrong.
final class FaultyTransport: HTTPTransport {
    /// One request, as the choice of its fault sees it.
    struct Attempt: Sendable {
        let request: FakeRequest
        /// How often the same was asked for, from 1.
        let number: Int
    }

    /// What became of a request.
    struct Event: Sendable {
        let operation: String
        let fault: Fault?
    }

    private struct State {
        var attempts: [String: Int] = [:]
        var events: [Event] = []
        var activeCount = 0
    }

    let server: FakeS3
    private let choose: @Sendable (Attempt) -> Fault?
    private let state = Locked(State())

    init(_ server: FakeS3, _ choose: @escaping @Sendable (Attempt) -> Fault? = { _ in nil }) {
        self.server = server
        self.choose = choose
    }

    /// What happened, in order.
    var events: [Event] { state.snapshot { $0.events } }
    /// How many requests wait for their answer's head.
    var activeCount: Int { state.withLock { $0.activeCount } }

    func close() {}

    func send(_ http: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        state.withLock { $0.activeCount += 1 }
        defer { state.withLock { $0.activeCount -= 1 } }
        var bare = http
        bare.headers["x-amz-decoded-content-length"] = nil
        let request = try FakeRequest(bare, body: [])
        let fault = begin(request, hasBody: (http.body?.byteCount ?? 1) > 0 && http.body != nil)
        let exchange = Exchange(
            http: http,
            operation: request.operation,
            start: server.time.uptime,
            time: server.time
        )
        guard let fault else { return exchange.response(try await serve(http)) }
        return try await serve(exchange, fault)
    }

    private func begin(_ request: FakeRequest, hasBody: Bool) -> Fault? {
        let name = "\(request.operation) \(request.key) \(request.query)"
        let number = state.withLock { state in
            state.attempts[name, default: 0] += 1
            return state.attempts[name] ?? 1
        }
        var fault = choose(Attempt(request: request, number: number))
        if fault.map({ !Self.fits($0, request, hasBody) }) ?? false { fault = nil }
        state.withLock { $0.events.append(Event(operation: request.operation, fault: fault)) }
        return fault
    }

    /// Whether a fault can happen to a request so that the client could know.
    private static func fits(_ fault: Fault, _ request: FakeRequest, _ hasBody: Bool) -> Bool {
        switch fault {
        case .wrongLength: request.operation == "GetObject"
        case .wrongRange: request.operation == "GetObject" && request.headers["range"] != nil
        // A range comes without a checksum.
        case .wrongChecksum:
            request.operation == "GetObject"
                ? request.headers["range"] == nil
                : ["PutObject", "UploadPart"].contains(request.operation) && hasBody
        // S3 documents 200 with an error for these; others have what 200 must have.
        case .okWithError: !request.operation.hasPrefix("Delete") && request.method != .delete
        case .wrongETag:
            ["PutObject", "UploadPart", "GetObject", "HeadObject"].contains(request.operation)
        default: true
        }
    }

    private func serve(_ http: HTTPRequest, flippingBit: Bool = false) async throws -> FakeAnswer {
        var body = try await http.body?.collect(upTo: 64 << 20) ?? []
        if flippingBit, http.headers["x-amz-decoded-content-length"] == nil, !body.isEmpty {
            body[body.count / 2] ^= 1
        }
        try Task.checkCancellation()
        return server.answer(http, body: body)
    }

    private func serve(_ exchange: Exchange, _ fault: Fault) async throws -> HTTPResponse {
        let http = exchange.http
        switch fault {
        case .refuse:
            throw HTTPError(.connectFailed, "refused", mayHaveArrived: false)
        case .resetBefore:
            throw Exchange.lost
        case .resetMid:
            var iterator = http.body?.makeAsyncIterator()
            _ = try await iterator?.next()
            throw Exchange.lost
        case .resetAfter(let effect):
            try await take(http, effect)
            throw Exchange.lost
        case .stall(let effect):
            try await take(http, effect)
            throw try await exchange.stall()
        case .status(let status, let code, let retryAfter, let effect):
            try await take(http, effect)
            var answer =
                code.isEmpty ? FakeAnswer(status: status) : FakeAnswer.error(status, code)
            if let retryAfter { answer.headers["Retry-After"] = String(retryAfter) }
            return exchange.response(dated(answer))
        case .okWithError(let effect):
            try await take(http, effect)
            var answer = FakeAnswer.error(200, "InternalError")
            if http.method == .head { answer.body = [] }
            return exchange.response(dated(answer))
        case .trickle:
            let answer = try await serve(http)
            try await exchange.pause()
            return exchange.response(answer, trickles: true)
        case .truncate:
            let answer = try await serve(http)
            guard !answer.body.isEmpty else { throw Exchange.lost }
            let half = Array(answer.body.prefix(answer.body.count / 2))
            return exchange.response(answer, body: half, breaks: true)
        case .expiredToken:
            let key = http.headers["Authorization"].map { FakeS3.accessKey(of: $0) }
            server.state.withLock { state in _ = key.map { state.expiredKeys.insert($0) } }
            return exchange.response(try await serve(http))
        case .clock(let seconds):
            server.time.setSkew(Double(seconds))
            return exchange.response(try await serve(http))
        case .wrongLength, .wrongRange, .wrongChecksum, .wrongETag:
            return try await twist(exchange, fault)
        }
    }

    /// An answer that says something wrong.
    private func twist(_ exchange: Exchange, _ fault: Fault) async throws -> HTTPResponse {
        let isUpload = fault == .wrongChecksum && exchange.operation != "GetObject"
        var answer = try await serve(exchange.http, flippingBit: isUpload)
        guard answer.status < 300 else { return exchange.response(answer) }
        switch fault {
        case .wrongLength(let difference) where !answer.body.isEmpty:
            answer.headers["Content-Length"] = String(answer.body.count + difference)
            if difference < 0 { answer.body.removeLast(-difference) }
            return exchange.response(answer, body: answer.body, breaks: difference > 0)
        case .wrongRange:
            if let range = answer.headers["Content-Range"] {
                let numbers = range.split { !$0.isNumber }.compactMap { Int($0) }
                answer.headers["Content-Range"] =
                    "bytes \(numbers[0] + 1)-\(numbers[1] + 1)/\(numbers[2] + 1)"
            }
        case .wrongChecksum where !isUpload && !answer.body.isEmpty:
            answer.body[answer.body.count / 2] ^= 1
        case .wrongETag:
            answer.headers["ETag"] = "\"00000000000000000000000000000000\""
        default: break
        }
        return exchange.response(answer)
    }

    private func take(_ http: HTTPRequest, _ effect: Fault.Effect) async throws {
        if effect == .all {
            _ = try await serve(http)
        } else {
            _ = try await http.body?.collect(upTo: 64 << 20)
        }
    }

    private func dated(_ answer: FakeAnswer) -> FakeAnswer {
        var answer = answer
        answer.headers["Date"] = HTTPDate.text(server.time.trueNow)
        return answer
    }
}

/// One request under way, with its time limits.
private struct Exchange: Sendable {
    let http: HTTPRequest
    let operation: String
    let start: Duration
    let time: VirtualTime

    static var lost: HTTPError {
        HTTPError(.connectionLost, "the connection was reset", mayHaveArrived: true)
    }

    /// Waits until a limit passes.
    func stall() async throws -> HTTPError {
        let limits = http.timeouts
        let left = limits.total.map { max($0 - (time.uptime - start), .zero) }
        try await time.sleep(min(limits.idle, left ?? limits.idle))
        return HTTPError(.timedOut, "no byte came in time", mayHaveArrived: true)
    }

    /// Waits for half of what may pass without a byte.
    func pause() async throws {
        let delay = http.timeouts.idle / 2
        if let total = http.timeouts.total, time.uptime - start + delay > total {
            throw try await stall()
        }
        try await time.sleep(delay)
    }

    func response(
        _ answer: FakeAnswer,
        body: [UInt8]? = nil,
        breaks: Bool = false,
        trickles: Bool = false
    ) -> HTTPResponse {
        let bytes = body ?? (http.method == .head ? [] : answer.body)
        let isPlain = !breaks && !trickles
        let chunks = AnswerChunks(exchange: self, bytes: bytes, breaks: breaks, trickles: trickles)
        return HTTPResponse(
            status: answer.status,
            headers: answer.headers,
            body: isPlain ? BlobBody(bytes) : BlobBody(chunks)
        )
    }
}

/// An answer's body in two pieces.
private struct AnswerChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let exchange: Exchange
    let bytes: [UInt8]
    let breaks: Bool
    let trickles: Bool

    func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

    struct Iterator: AsyncIteratorProtocol {
        let chunks: AnswerChunks
        var position = 0

        mutating func next() async throws -> [UInt8]? {
            guard position < chunks.bytes.count else {
                if chunks.breaks { throw Exchange.lost }
                return nil
            }
            if chunks.trickles { try await chunks.exchange.pause() }
            let end = Swift.min(chunks.bytes.count, position + Swift.max(1, chunks.bytes.count / 2))
            defer { position = end }
            return Array(chunks.bytes[position..<end])
        }
    }
}
