internal import BlobStorage
internal import BlobStorageHandler

/// What the thread of a connection and the task of a request hand to each other: a piece of the
/// request's body one way, the response and a piece of its body the other way.
final class ExchangeSlot: Sendable {
    /// How a stream of bytes stands.
    enum Stream {
        case open
        case ended
        case failed(any Error)
    }

    /// What a task waits for: the request's body, or room for the response's.
    private enum Role {
        case reader
        case writer
    }

    private struct State {
        /// Bytes of the request's body that nobody took yet.
        var received: [UInt8] = []
        var receiving = Stream.open
        /// Whether the handler has asked for the body at all.
        var isBodyWanted = false
        var reader: CheckedContinuation<Void, Never>?
        var response: HTTPServerResponse?
        /// A chunk of the response's body, and how much of it was sent.
        var chunk: [UInt8] = []
        var chunkOffset = 0
        var sending = Stream.open
        var writer: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let state = Locked(State())

    // MARK: The task's side

    /// The next chunk of the request's body; `nil` at the end.
    func nextChunk() async throws -> [UInt8]? {
        while true {
            try Task.checkCancellation()
            let (chunk, isEnd) = try state.withLock { state in
                state.isBodyWanted = true
                guard state.received.isEmpty else {
                    defer { state.received = [] }
                    return (state.received, false)
                }
                switch state.receiving {
                case .open: return ([], false)
                case .ended: return ([], true)
                case .failed(let error): throw error
                }
            }
            if isEnd { return nil }
            if !chunk.isEmpty { return chunk }
            await wait(as: .reader) { state in
                guard case .open = state.receiving else { return false }
                return state.received.isEmpty
            }
        }
    }

    /// Hands over the response.
    func answer(_ response: HTTPServerResponse) {
        state.withLock { $0.response = response }
    }

    /// Hands over a chunk of the response's body, when the one before was sent.
    func send(_ chunk: [UInt8]) async throws {
        while true {
            try Task.checkCancellation()
            let isTaken = state.withLock { state in
                guard state.chunk.isEmpty else { return false }
                state.chunk = chunk
                return true
            }
            if isTaken { return }
            await wait(as: .writer) { !$0.chunk.isEmpty }
        }
    }

    /// Says that no more of the response's body comes.
    func endBody(_ end: Stream) {
        state.withLock { $0.sending = end }
    }

    /// Says that the task is over.
    func finish() {
        state.withLock { $0.isFinished = true }
    }

    /// Waits as long as a condition holds; returns early if the task is cancelled.
    ///
    /// That is asked of the task that waits: a child of the request's may be cancelled by itself, and the
    /// others must still be able to wait.
    private func wait(
        as role: Role,
        while condition: @Sendable (State) -> Bool
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !Task.isCancelled, condition(state) else { return false }
                    switch role {
                    case .reader: state.reader = continuation
                    case .writer: state.writer = continuation
                    }
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
    }

    // MARK: The connection's side

    /// Changes the state, and wakes whoever may have waited for that.
    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { (state.reader, state.writer) = (nil, nil) }
            return [state.reader, state.writer]
        }
        for continuation in waiting { continuation?.resume() }
    }

    /// Hands over bytes of the request's body.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        wake { state in
            if state.received.isEmpty {
                state.received = Array(bytes)
            } else {
                state.received.append(contentsOf: bytes)
            }
        }
    }

    /// Says that no more of the request's body comes.
    func endReceiving(_ end: Stream) {
        wake { state in
            if case .open = state.receiving { state.receiving = end }
        }
    }

    /// Whether the handler waits for more of the request's body.
    var wantsBody: Bool {
        state.withLock { $0.isBodyWanted && $0.received.isEmpty && $0.reader != nil }
    }

    /// The bytes of the request's body that nobody took yet.
    var receivedByteCount: Int { state.withLock { $0.received.count } }

    var response: HTTPServerResponse? { state.withLock { $0.response } }

    var hasResponse: Bool { state.withLock { $0.response != nil } }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Whether there is something of the response's body to send, or its end.
    var isReadyToSend: Bool {
        state.withLock { state in
            guard state.chunk.isEmpty else { return true }
            guard case .open = state.sending else { return true }
            return false
        }
    }

    /// Takes bytes of the response's body.
    ///
    /// - Returns: How many; with none, how the body ended.
    func takeBytes(into room: UnsafeMutableRawBufferPointer) -> (count: Int, end: Stream) {
        let (count, end, writer) = state.withLock { state in
            let count = min(room.count, state.chunk.count - state.chunkOffset)
            guard count > 0 else {
                return (0, state.sending, CheckedContinuation<Void, Never>?.none)
            }
            state.chunk.withUnsafeBytes { chunk in
                let piece = chunk[state.chunkOffset..<(state.chunkOffset + count)]
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
            }
            state.chunkOffset += count
            guard state.chunkOffset == state.chunk.count else { return (count, .open, nil) }
            (state.chunk, state.chunkOffset) = ([], 0)
            defer { state.writer = nil }
            return (count, .open, state.writer)
        }
        writer?.resume()
        return (count, end)
    }
}
