import BlobStorage

/// The connections of a store, each used by one call at a time, on threads of their own.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var isClosed = false
    }

    private let state = Locked(State())
    private let threads: BlockingThreads
    private let open: @Sendable (ContinuousClock.Instant) throws -> PostgresConnection

    /// - Parameters:
    ///   - connectionCount: The most connections at once.
    ///   - open: Opens a connection that is ready for use.
    init(
        connectionCount: Int,
        open: @escaping @Sendable (ContinuousClock.Instant) throws -> PostgresConnection
    ) {
        threads = BlockingThreads(limit: connectionCount)
        self.open = open
    }

    /// Runs a call on one of the connections.
    ///
    /// - Parameters:
    ///   - deadline: When waiting for the server ends.
    ///   - open: Opens the connection in place of the pool's own way, which then is not kept.
    ///   - body: The call.
    /// - Returns: What the call returns.
    /// - Throws: What the call throws, or what keeps it from a connection.
    func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        openingBy open: (@Sendable (ContinuousClock.Instant) throws -> PostgresConnection)? = nil,
        _ body: @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await threads.run {
            if let open {
                try state.withLock { try Self.check($0) }
                return try body(open(deadline))
            }
            let connection = try take() ?? self.open(deadline)
            connection.deadline = deadline
            defer { keep(connection) }
            return try body(connection)
        }
    }

    /// Closes the connections; those in use are closed when their calls end.
    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        withExtendedLifetime(connections) {}
    }

    /// A connection that was used before, and still leads to the server.
    private func take() throws -> PostgresConnection? {
        while true {
            let kept = try state.withLock { state in
                try Self.check(state)
                return state.idle.popLast()
            }
            guard let kept else { return nil }
            if kept.isAlive { return kept }
        }
    }

    private func keep(_ connection: PostgresConnection) {
        guard connection.isInStep else { return }
        state.withLock { if !$0.isClosed { $0.idle.append(connection) } }
    }

    private static func check(_ state: State) throws {
        guard state.isClosed else { return }
        throw BlobError(.closed, operation: "metadata", message: "the store was closed")
    }
}
