import BlobStorage

extension Exchange {
    /// Whether the body has to be fed to the loop chunk by chunk.
    var isFed: Bool { request.body != nil && request.body?.bytesInMemory == nil }

    /// Whether nobody wants the rest of the request's body.
    var isUploadStopped: Bool { state.withLock { $0.upload.isStopped } }

    /// Reads a body and hands it to the loop, as fast as that sends it.
    ///
    /// An error of the body, or a length that it did not declare, ends the exchange.
    func feed(_ body: BlobBody) async {
        do {
            var byteCount: Int64 = 0
            for try await chunk in body where !chunk.isEmpty {
                byteCount += Int64(chunk.count)
                if let declared = body.byteCount, byteCount > declared {
                    throw HTTPError.wrongLength("at least \(byteCount)", declared)
                }
                guard try await put(chunk) else { return }
            }
            // A sequence may end early, without an error, when its reader is cancelled.
            try Task.checkCancellation()
            if let declared = body.byteCount, byteCount != declared {
                throw HTTPError.wrongLength("\(byteCount)", declared)
            }
            endUpload()
        } catch {
            // An early answer ends the feeding, which may show as an error of the body.
            if !isUploadStopped { stop(error) }
        }
    }

    /// Hands over a chunk and waits for room.
    ///
    /// - Returns: Whether more is wanted.
    /// - Throws: `CancellationError`.
    private func put(_ chunk: [UInt8]) async throws -> Bool {
        let (wasStarved, hasRoom, isStopped) = state.withLock { state in
            state.upload.append(chunk)
            defer { state.upload.isStarved = false }
            return (state.upload.isStarved, state.upload.hasRoom, state.upload.isStopped)
        }
        if isStopped { return false }
        if wasStarved { post(.send(self)) }
        if hasRoom { return true }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.upload.isStopped || state.upload.hasRoom { return true }
                    state.feeder = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let feeder = state.withLock { state in
                defer { state.feeder = nil }
                return state.feeder
            }
            feeder?.resume()
        }
        try Task.checkCancellation()
        return !isUploadStopped
    }

    private func endUpload() {
        let wasStarved = state.withLock { state in
            state.upload.isEnded = true
            defer { state.upload.isStarved = false }
            return state.upload.isStarved
        }
        if wasStarved { post(.send(self)) }
    }

    /// Takes a chunk to send, on the loop's thread.
    func nextUploadChunk() -> UploadQueue.Next {
        let (next, feeder) = state.withLock { state in
            let next = state.upload.takeFirst()
            guard state.upload.hasRoom else {
                return (next, CheckedContinuation<Void, Never>?.none)
            }
            defer { state.feeder = nil }
            return (next, state.feeder)
        }
        feeder?.resume()
        return next
    }
}

extension HTTPError {
    fileprivate static func wrongLength(_ found: String, _ declared: Int64) -> HTTPError {
        HTTPError(
            .invalidRequest,
            "the body delivered \(found) bytes, not the \(declared) that it declared",
            mayHaveArrived: true
        )
    }
}
