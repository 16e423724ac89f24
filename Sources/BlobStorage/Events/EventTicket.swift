/// What somebody who brought an event waits with for its end.
final class EventTicket: Sendable {
    enum Status {
        case open
        case done(BlobEventOutcome)
        /// The processor was cancelled before.
        case abandoned
    }

    private let state: Locked<(status: Status, signals: [WaitSignal])>

    init(_ status: Status = .open) {
        state = Locked((status, []))
    }

    /// Ends the waiting.
    func close(_ status: Status) {
        let signals = state.withLock { state in
            state.status = status
            defer { state.signals = [] }
            return state.signals
        }
        for signal in signals { signal.signal() }
    }

    /// Waits for the end.
    ///
    /// - Throws: `CancellationError`, and then the event is handled all the same; `BlobError` of kind
    ///   `closed` if it is not.
    func outcome() async throws -> BlobEventOutcome {
        let signal = WaitSignal()
        let isOpen = state.withLock { state in
            guard case .open = state.status else { return false }
            state.signals.append(signal)
            return true
        }
        if isOpen { await signal.wait() }
        let status = state.withLock { state in
            state.signals.removeAll { $0 === signal }
            return state.status
        }
        switch status {
        case .open: throw CancellationError()
        case .done(let outcome): return outcome
        case .abandoned:
            throw BlobError(
                .closed,
                operation: "process",
                message: "the processor was stopped before the event was handled"
            )
        }
    }
}
