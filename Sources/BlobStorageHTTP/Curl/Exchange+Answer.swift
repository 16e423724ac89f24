import BlobStorage

// What the task sees that asked.
extension Exchange {
    /// Waits until the head is there, or the exchange failed.
    func waitForHead() async {
        await wait(isolation: #isolation) { $0.isHeadReady || $0.outcome != nil }
    }

    /// The answer, once its head is there.
    ///
    /// - Throws: ``HTTPError``; `CancellationError`; what the request's body throws.
    func response() throws -> HTTPResponse {
        let (head, whole) = try state.withLock { state in
            if case .failed(let error) = state.outcome, !(error is HTTPError) { throw error }
            guard let head = state.head else {
                if case .failed(let error) = state.outcome { throw error }
                throw HTTPError.badAnswer("the answer has no final head")
            }
            guard case .complete = state.outcome, state.body.chunkCount < 2 else {
                return (head, [UInt8]?.none)
            }
            return (head, state.body.takeFirst() ?? [])
        }
        let parsed: ResponseHead
        do {
            parsed = try ResponseHead(
                status: head.status,
                lines: head.lines,
                fieldLimit: options.headFieldLimit
            )
        } catch {
            stop(error)
            throw error
        }
        return HTTPResponse(
            status: parsed.status,
            headers: parsed.headers,
            body: whole.map { BlobBody($0) }
                ?? BlobBody(ResponseChunks(self), byteCount: parsed.bodyByteCount)
        )
    }

    private enum Found {
        case chunk([UInt8], shouldResume: Bool)
        case end
        case nothing
    }

    /// Waits for the next chunk of the body.
    ///
    /// - Throws: ``HTTPError``; `CancellationError`.
    func nextChunk(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        while true {
            switch try take() {
            case .chunk(let chunk, let shouldResume):
                if shouldResume { post(.receive(self)) }
                return chunk
            case .end: return nil
            case .nothing: await wait(isolation: actor) { $0.body.hasChunk || $0.outcome != nil }
            }
        }
    }

    private func take() throws -> Found {
        try state.withLock { state in
            if let chunk = state.body.takeFirst() {
                let shouldResume =
                    state.isReceivingPaused && state.outcome == nil
                    && state.body.byteCount <= options.waitingByteCount / 2
                if shouldResume { state.isReceivingPaused = false }
                return .chunk(chunk.withoutSlack(), shouldResume: shouldResume)
            }
            switch state.outcome {
            case .complete: return .end
            case .failed(let error): throw error
            case nil: return .nothing
            }
        }
    }

    private func wait(
        isolation actor: isolated (any Actor)?,
        until isReady: @Sendable (State) -> Bool
    ) async {
        await withTaskCancellationHandler(
            operation: {
                await withCheckedContinuation(isolation: actor) { continuation in
                    let isReady = state.withLock { state in
                        if isReady(state) { return true }
                        precondition(state.reader == nil, "a body is read by two tasks at once")
                        state.reader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            },
            onCancel: { stop(CancellationError()) },
            isolation: actor
        )
    }
}

extension [UInt8] {
    /// The same bytes, in memory of their size if they leave most of it unused: a reader may keep
    /// them.
    fileprivate func withoutSlack() -> [UInt8] {
        count < capacity / 2 ? unsafeCopy() : self
    }

    private func unsafeCopy() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = self.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                return bytes.count
            }
        }
    }
}

/// The body of an answer; the transfer ends with it.
struct ResponseChunks: AsyncSequence, Sendable {
    private let owner: Owner

    init(_ exchange: Exchange) {
        owner = Owner(exchange)
    }

    /// Stops the transfer when nobody can read it any more.
    private final class Owner: Sendable {
        let exchange: Exchange

        init(_ exchange: Exchange) {
            self.exchange = exchange
        }

        deinit {
            exchange.stop(CancellationError())
        }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        // The one who reads may leave the loop while others still hold the sequence.
        private let owner: Owner

        init(_ exchange: Exchange) {
            owner = Owner(exchange)
        }

        mutating func next() async throws -> [UInt8]? {
            try await owner.exchange.nextChunk(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await owner.exchange.nextChunk(isolation: actor)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(owner.exchange)
    }
}
