internal import BlobStorage
internal import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

/// One request and its answer, on the thread of their connection.
///
/// libmicrohttpd calls with the head, then with each piece of the body, then at its end, and takes a
/// response only after the head or after the end. In each call the thread runs the request's task as
/// far as it goes: until it wants more of the body, or has a response. `100 Continue` is sent when the
/// first call returns without a response, so it returns only when the handler wants the body.
final class Exchange {
    /// The most bytes of a body that nobody wants that are read, to keep the connection.
    static let drainByteLimit: Int64 = 256 << 10
    /// The most bytes that a client may still send when it was refused already.
    static let lingerByteLimit: Int64 = 16 << 20
    /// How long it may take for what nobody wants.
    static let lingerTime = Duration.seconds(10)
    /// Bytes of a body that are gathered before the handler sees them; a change of threads in a store
    /// costs as much as copying this.
    static let gatherByteCount = 512 << 10
    /// How long the thread waits for a job before it looks whether the client is still there.
    static let tickMilliseconds = 250
    /// How long a request that was cancelled may go on on the connection's thread.
    static let cancelTime = Duration.seconds(2)

    enum Phase {
        case head
        /// The handler has the request.
        case open
        /// There is a response, and a rest of the body that nobody wants.
        case draining
        /// The response is on its way, and the connection must be closed; what the client still sends
        /// is read, since closing over it would take the response back.
        case lingering(until: ContinuousClock.Instant)
        case answered
    }

    let core: ServerCore
    let connection: OpaquePointer
    let slot = ExchangeSlot()
    let executor = ConnectionExecutor()
    let clock = ContinuousClock()
    let started: ContinuousClock.Instant
    let socket: Int32

    private let target: String?
    private let targetPlace: UnsafePointer<CChar>?
    private let targetByteCount: Int

    var phase = Phase.head
    var head: RequestHead?
    var method = ""
    var task: Task<Void, Never>?
    var receivedByteCount: Int64 = 0
    /// What to answer whatever the handler says, such as 413.
    var refusal: Refusal?
    var status: Int?
    var sentByteCount: Int64 = 0
    var isAnsweredByHand = false
    var isClientGone = false
    private var isBodyEnded = false

    init(_ core: ServerCore, _ connection: OpaquePointer, target: UnsafePointer<CChar>?) {
        self.core = core
        self.connection = connection
        started = clock.now
        socket = cblobstorage_server_socket(connection)
        targetPlace = target
        // It is cut up after this.
        self.target = target.flatMap { String(validatingCString: $0) }
        targetByteCount = target.map { strlen($0) } ?? 0
    }

    /// Goes on with what libmicrohttpd has: the head, a piece of the body, or the body's end.
    func advance(
        method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?,
        upload: UnsafePointer<CChar>?,
        size: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        switch phase {
        case .head:
            guard let method, let version, let targetPlace else { return .NO }
            let line = RequestHead.Line(
                method: method,
                target: targetPlace,
                version: version,
                targetByteCount: targetByteCount
            )
            return begin(line)
        case .open:
            guard size.pointee > 0 else { return finishBody() }
            let bytes = UnsafeRawBufferPointer(start: upload, count: size.pointee)
            size.pointee = 0
            return receive(bytes)
        case .draining:
            guard size.pointee == 0 else {
                receivedByteCount += Int64(size.pointee)
                size.pointee = 0
                return .YES
            }
            return core.unbind(connection) ? queue() : .NO
        case .lingering(let end):
            receivedByteCount += Int64(size.pointee)
            lingered += Int64(size.pointee)
            let goesOn = size.pointee > 0 && lingered < Self.lingerByteLimit && clock.now < end
            size.pointee = 0
            return goesOn ? .YES : .NO
        case .answered: return .YES
        }
    }

    private var lingered: Int64 = 0

    private func begin(_ line: RequestHead.Line) -> MHD_Result {
        phase = .open
        core.began(connection) {}
        method = String(cString: line.method)
        do throws(Refusal) {
            let head = try RequestHead(
                connection,
                line,
                target: target,
                byteLimit: core.options.headByteLimit
            )
            self.head = head
            if core.isStopping { throw Refusal(503, "the server is about to stop") }
            if case .known(let count) = head.body, let limit = core.options.bodyByteLimit,
                count > limit
            {
                throw Refusal(413, "the body has \(count) bytes; at most are \(limit)")
            }
            startTask(head)
        } catch {
            refusal = error
            // Nobody knows what stands behind a head that is wrong.
            guard let head else { return queue() }
            return answerBeforeBody(head)
        }
        guard let head else { return .NO }
        guard pump(until: { slot.hasResponse || head.body != .none && slot.wantsBody }) else {
            return .NO
        }
        return slot.hasResponse ? answerBeforeBody(head) : waitForBody()
    }

    /// Returns until the client sends more of the body.
    ///
    /// Whatever else the task has to do meanwhile, such as sending a part to another server, goes on on
    /// Swift's own threads: the client may be silent for long.
    private func waitForBody() -> MHD_Result {
        executor.detach()
        return .YES
    }

    private func startTask(_ head: RequestHead) {
        let (slot, handler) = (slot, core.handler)
        let byteCount: Int64? =
            switch head.body {
            case .none: 0
            case .known(let count): count
            case .chunked: nil
            }
        let request = HTTPServerRequest(
            method: head.method,
            target: head.target,
            headers: head.headers,
            body: head.body == .none
                ? BlobBody([]) : BlobBody(RequestChunks(slot: slot), byteCount: byteCount),
            remoteAddress: remoteAddress
        )
        let task = Task(executorPreference: executor) {
            let response = await handler.respond(to: request)
            slot.answer(response)
            if response.isStreamed(for: request.method) { await slot.send(response.body) }
            slot.finish()
        }
        self.task = task
        core.began(connection) { task.cancel() }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
        executor.attach()
        receivedByteCount += Int64(bytes.count)
        if let limit = core.options.bodyByteLimit, receivedByteCount > limit {
            refusal = Refusal(413, "the body has more than \(limit) bytes")
            let message = "the body has more than the \(limit) bytes that the server takes"
            slot.endReceiving(.failed(BlobError(.tooLarge, operation: "body", message: message)))
            task?.cancel()
            return answerInsideBody()
        }
        slot.receive(bytes)
        if slot.receivedByteCount < Self.gatherByteCount, hasInput { return .YES }
        guard pump(until: { slot.hasResponse || slot.wantsBody }) else { return .NO }
        return slot.hasResponse ? answerInsideBody() : waitForBody()
    }

    private func finishBody() -> MHD_Result {
        executor.attach()
        isBodyEnded = true
        slot.endReceiving(.ended)
        guard pump(until: { slot.hasResponse }) else { return .NO }
        return queue()
    }

    /// Whether more of the body is there already, so that reading it does not wait.
    private var hasInput: Bool {
        guard case .known(let count) = head?.body, receivedByteCount < count else { return false }
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    // MARK: Waiting

    /// Runs the request's task until a condition holds.
    ///
    /// - Returns: `false` if the client went away, and the task was cancelled.
    func pump(until condition: () -> Bool) -> Bool {
        let start = clock.now
        defer {
            // The handler's time is not the client's silence.
            if clock.now - start > .milliseconds(500) {
                cblobstorage_server_restart_timeout(connection, core.idleSeconds)
            }
        }
        var looked = start
        while !condition() {
            // A task that only yields has always a job.
            if executor.runNext(waitingFor: Self.tickMilliseconds),
                clock.now - looked < .milliseconds(Self.tickMilliseconds)
            {
                continue
            }
            looked = clock.now
            if isGone {
                isClientGone = true
                abandon()
                return false
            }
        }
        return true
    }

    /// Whether the client has closed the connection.
    private var isGone: Bool {
        // A client may close its side when all is sent, but hardly one that waits for an answer does.
        let isBodyComplete: Bool =
            switch head?.body {
            case .known(let count): receivedByteCount >= count
            case .chunked: isBodyEnded
            default: true
            }
        let closed = isBodyComplete ? cblobstorage_server_peer_closed : 0
        let hangUp = Int16(POLLHUP) | Int16(POLLERR) | closed
        var entry = pollfd(fd: socket, events: closed, revents: 0)
        return poll(&entry, 1, 0) == 1 && entry.revents & hangUp != 0
    }

    /// Ends the task, as far as it lets itself be ended.
    private func abandon() {
        executor.attach()
        let message = "the connection was closed before the body had ended"
        slot.endReceiving(.failed(BlobError(.closed, operation: "body", message: message)))
        task?.cancel()
        let end = clock.now + Self.cancelTime
        while task != nil, !slot.isFinished, clock.now < end {
            _ = executor.runNext(waitingFor: Self.tickMilliseconds)
        }
    }

    /// Says farewell: the request is over, one way or the other.
    func complete(isSuccess: Bool) {
        if !slot.isFinished { abandon() }
        // What is left of a task that does not listen goes on elsewhere.
        executor.detach()
        core.ended(connection)
        core.options.onRequest?(
            HTTPServerAccess(
                remoteAddress: remoteAddress,
                method: method,
                target: HTTPServerAccess.redacted(target ?? "?"),
                status: status,
                receivedByteCount: receivedByteCount,
                sentByteCount: sentByteCount,
                isComplete: status != nil && (isSuccess || isAnsweredByHand),
                duration: clock.now - started
            )
        )
    }

    var remoteAddress: String? {
        cblobstorage_server_address(connection).flatMap { HTTPServerAddress($0) }?.host
    }
}
