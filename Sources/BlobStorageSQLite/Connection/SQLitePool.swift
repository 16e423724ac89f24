import BlobStorage

/// The connections of a store: one that writes, and several that read, on threads of their own.
///
/// SQLite has one writer at a time; in WAL mode readers neither wait for it nor hold it up.
final class SQLitePool: Sendable {
    private struct State {
        var writer: SQLiteConnection?
        var readers: [SQLiteConnection] = []
        var isClosed = false
    }

    private let state = Locked(State())
    private let writerThread = BlockingThreads(limit: 1)
    private let readerThreads: BlockingThreads
    private let busyTimeout: Duration
    private let open: @Sendable (SQLiteConnection.Access) throws -> SQLiteConnection

    /// - Parameters:
    ///   - readerCount: The most reads at once.
    ///   - busyTimeout: How long a call waits for other writers.
    ///   - open: Opens a connection that is ready for use.
    init(
        readerCount: Int,
        busyTimeout: Duration,
        open: @escaping @Sendable (SQLiteConnection.Access) throws -> SQLiteConnection
    ) {
        readerThreads = BlockingThreads(limit: readerCount)
        self.busyTimeout = busyTimeout
        self.open = open
    }

    /// Runs a change on the one connection that writes.
    func write<Value: Sendable>(
        _ body: @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writerThread.run {
            // The thread is the only one, so nobody else takes the connection meanwhile.
            let kept = try state.withLock { state in
                try Self.check(state)
                return state.writer.take()
            }
            return try use(kept, .write, body) { connection in
                state.withLock { if !$0.isClosed { $0.writer = connection } }
            }
        }
    }

    /// Runs a read on one of the connections that read.
    func read<Value: Sendable>(
        _ body: @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await readerThreads.run {
            let kept = try state.withLock { state in
                try Self.check(state)
                return state.readers.popLast()
            }
            return try use(kept, .read, body) { connection in
                state.withLock { if !$0.isClosed { $0.readers.append(connection) } }
            }
        }
    }

    /// Makes what is missing, and runs migrations; on the thread that writes.
    func prepare(_ body: @Sendable () throws -> Void) async throws {
        try await writerThread.run {
            try state.withLock { try Self.check($0) }
            try body()
        }
    }

    /// Closes the connections; those in use are closed when their calls end.
    func close() async {
        let connections = state.withLock { state in
            state.isClosed = true
            let all = state.readers + (state.writer.map { [$0] } ?? [])
            state.readers = []
            state.writer = nil
            return all
        }
        // The last connection writes the log back into the file.
        _ = try? await writerThread.run { withExtendedLifetime(connections) {} }
    }

    private static func check(_ state: State) throws {
        guard state.isClosed else { return }
        throw BlobError(.closed, operation: "metadata", message: "the store was closed")
    }

    private func use<Value>(
        _ kept: SQLiteConnection?,
        _ access: SQLiteConnection.Access,
        _ body: (SQLiteConnection) throws -> Value,
        keep: (SQLiteConnection) -> Void
    ) throws -> Value {
        let connection = try kept ?? open(access)
        connection.wait(atMost: busyTimeout)
        do {
            let value = try body(connection)
            keep(connection)
            return value
        } catch let failure as SQLiteFailure {
            // The next call may find the file whole again, but not through this connection.
            if failure.leavesConnectionUsable { keep(connection) }
            throw failure
        } catch {
            keep(connection)
            throw error
        }
    }
}
