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
        guard count < capacity / 2 else { return self }
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        copy.append(contentsOf: self)
        return copy
    }
}
