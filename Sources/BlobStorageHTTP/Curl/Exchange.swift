import BlobStorage

/// One request and its answer, as the task that asks and the loop that sends both see it.
///
/// All that changes lies in one locked state. A task that waits leaves a continuation there, which
/// carries nothing: it looks at the state again when it goes on.
final class Exchange: Sendable {
    /// How the exchange ended.
    enum Outcome {
        case complete
        case failed(any Error)
    }

    struct State {
        /// The answer's status, and the bytes of its head; `nil` until it is whole.
        var head: (status: Int, lines: [UInt8])?
        /// Whether the loop is done with the turn in which the head came.
        var isHeadReady = false
        var body = ChunkQueue()
        /// Whether the loop reads no more until the reader has caught up.
        var isReceivingPaused = false
        var outcome: Outcome?
        var upload = UploadQueue()
        /// The task that waits for the head, or for a chunk.
        var reader: CheckedContinuation<Void, Never>?
        /// The task that waits for room in the upload.
        var feeder: CheckedContinuation<Void, Never>?
    }

    let request: HTTPRequest
    let options: HTTPTransportOptions
    let state: Locked<State>
    /// When it began, in milliseconds of the loop's clock.
    let startTime = CurlLoop.clock()
    /// Scheme, host and port: what a connection is for.
    let origin: String
    private let mailbox: LoopMailbox

    init(_ request: HTTPRequest, options: HTTPTransportOptions, mailbox: LoopMailbox) {
        self.request = request
        self.options = options
        self.mailbox = mailbox
        origin = request.url.origin
        var state = State()
        if let bytes = request.body?.bytesInMemory {
            state.upload.append(bytes)
            state.upload.isEnded = true
        } else if request.body == nil {
            state.upload.isEnded = true
        }
        self.state = Locked(state)
    }

    /// When its time is over, in milliseconds of the loop's clock.
    var deadline: Int64 {
        request.timeouts.total.map { startTime.addingWithinBounds($0.milliseconds) } ?? .max
    }

    /// Tells the loop that something changed.
    func post(_ command: LoopCommand) {
        mailbox.post(command)
    }

    /// Ends the exchange as failed, at once and on both sides; of no effect if it has ended and all
    /// of its answer was read.
    func stop(_ error: any Error) {
        let (isFirst, reader, feeder) = state.withLock { state in
            let isFirst = state.outcome == nil
            // What was not read yet is gone, and the end must not look like the end of the body.
            if isFirst || state.body.chunkCount > 0 { state.outcome = .failed(error) }
            state.body.removeAll()
            state.upload.stop()
            defer { (state.reader, state.feeder) = (nil, nil) }
            return (isFirst, state.reader, state.feeder)
        }
        if isFirst { post(.stop(self)) }
        reader?.resume()
        feeder?.resume()
    }
}

// What the loop's thread tells.
extension Exchange {
    /// Whether somebody still waits for the end.
    var isOver: Bool { state.withLock { $0.outcome != nil } }

    /// Takes the head; an error's head ends the sending of the body.
    func receiveHead(status: Int, lines: [UInt8]) {
        let feeder = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.head = (status, lines)
            guard status >= 300, !state.upload.isEnded else { return nil }
            state.upload.stop()
            defer { state.feeder = nil }
            return state.feeder
        }
        feeder?.resume()
    }

    /// Takes bytes of the body.
    ///
    /// - Returns: Whether they were taken; if not, the loop has to pause until it is told to go on.
    func receive(_ bytes: UnsafeRawBufferPointer, expectedByteCount: Int64?) -> Bool {
        let (isTaken, reader) = state.withLock { state in
            guard state.body.byteCount < options.waitingByteCount else {
                state.isReceivingPaused = true
                return (false, CheckedContinuation<Void, Never>?.none)
            }
            state.body.append(bytes, expectedByteCount: expectedByteCount)
            guard state.isHeadReady, state.body.hasFullChunk else { return (true, nil) }
            defer { state.reader = nil }
            return (true, state.reader)
        }
        reader?.resume()
        return isTaken
    }

    /// Lets the reader have what came in this turn of the loop.
    func flush() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.head != nil else { return nil }
            state.isHeadReady = true
            state.body.flush()
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Ends the exchange.
    ///
    /// - Parameter error: Why it failed; `nil` if the answer is whole.
    func finish(_ error: HTTPError?) {
        let (reader, feeder) = state.withLock { state in
            if state.outcome == nil {
                state.outcome = error.map { .failed($0) } ?? .complete
                if state.head != nil { state.isHeadReady = true }
                state.body.flush()
            }
            state.upload.stop()
            defer { (state.reader, state.feeder) = (nil, nil) }
            return (state.reader, state.feeder)
        }
        reader?.resume()
        feeder?.resume()
    }
}
