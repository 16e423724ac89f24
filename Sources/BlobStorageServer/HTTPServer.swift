internal import BlobStorage
public import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

/// An HTTP/1.1 server for one handler: for development, tests and small installations.
///
/// Each connection has a thread, on which its requests are answered. Bodies stream both ways, with no
/// more memory than a chunk or two a connection; files are sent by the kernel. There is no TLS: on the
/// open net, put a proxy in front.
///
///     let server = HTTPServer(handler: gateway)
///     let address = try await server.start()
///     …
///     await server.stop(within: .seconds(10))
public final class HTTPServer: Sendable {
    private enum State {
        case idle
        /// The host's address is looked for.
        case starting
        case running(daemon: UInt, core: ServerCore, sweeper: Task<Void, Never>)
        case stopping
        case stopped
    }

    /// How often clients that take too long are looked for.
    private static let sweepTime = Duration.milliseconds(500)
    /// How often the end of the running requests is looked for.
    private static let stopTick = Duration.milliseconds(10)
    /// A request's task runs on its connection's thread; the system gives what is really used.
    private static let stackByteCount = 1 << 20
    /// libmicrohttpd reads into half of it, and keeps the head's fields in the rest.
    private static let memoryByteCount = 128 << 10

    private let handler: any HTTPHandler
    private let options: HTTPServerOptions
    private let openSocket: @Sendable (_ host: String, _ port: Int) throws -> ListeningSocket
    private let state = Locked(State.idle)

    /// Creates a server; nothing listens yet.
    ///
    /// - Parameters:
    ///   - handler: What answers the requests.
    ///   - options: Where to listen, and what to allow.
    public convenience init(
        handler: any HTTPHandler,
        options: HTTPServerOptions = HTTPServerOptions()
    ) {
        self.init(handler: handler, options: options) { try ListeningSocket(host: $0, port: $1) }
    }

    /// Creates a server that gets its socket from somebody else.
    init(
        handler: any HTTPHandler,
        options: HTTPServerOptions,
        openSocket: @escaping @Sendable (_ host: String, _ port: Int) throws -> ListeningSocket
    ) {
        self.handler = handler
        self.options = options
        self.openSocket = openSocket
    }

    deinit {
        // A server that nobody stopped; its connections hold the core, not this.
        if case .running(let daemon, let core, let sweeper) = state.withLock({ $0 }) {
            sweeper.cancel()
            core.beginStopping()
            core.breakOff()
            MHD_stop_daemon(OpaquePointer(bitPattern: daemon))
        }
    }

    /// Begins to serve.
    ///
    /// - Returns: The address and the port, also where port 0 was asked for.
    /// - Throws: `BlobError` of kind `invalidArgument`, `permissionDenied` or `unavailable` if the
    ///   address can't be listened on; `closed` if the server was started before, or is stopped
    ///   meanwhile.
    @discardableResult
    public func start() async throws -> HTTPServerAddress {
        try state.withLock { state in
            guard case .idle = state else {
                let message = "the server was started before; make a new one"
                throw BlobError(.closed, operation: "listen", message: message)
            }
            state = .starting
        }
        let socket: ListeningSocket
        do {
            // A name server that does not answer takes its time: neither a stop nor one of Swift's own
            // threads waits for it.
            socket = try await BlockingThreads(limit: 1, idleTime: .zero).run {
                try openSocket(options.host, options.port)
            }
        } catch {
            state.withLock { state in
                guard case .starting = state else { return }
                state = .idle
            }
            throw error
        }
        return try serve(socket)
    }

    private func serve(_ socket: ListeningSocket) throws -> HTTPServerAddress {
        try state.withLock { state in
            guard case .starting = state else {
                socket.closeIfOpen()
                let message = "the server was stopped while it started; make a new one"
                throw BlobError(.closed, operation: "listen", message: message)
            }
            // What fails from here on may be tried again.
            state = .idle
            let core = ServerCore(handler, options)
            guard let daemon = startDaemon(socket.descriptor, core) else {
                socket.closeIfOpen()
                let message = "the server can't start; the system has no more threads or memory"
                throw BlobError(.unavailable, operation: "listen", message: message)
            }
            let sweeper = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.sweepTime)
                    core.closeLate()
                }
            }
            state = .running(daemon: UInt(bitPattern: daemon), core: core, sweeper: sweeper)
            return socket.address
        }
    }

    private func startDaemon(_ socket: Int32, _ core: ServerCore) -> OpaquePointer? {
        let limits = cblobstorage_server_limits(
            memory_per_connection: Self.memoryByteCount + 4 * options.headByteLimit,
            connections: UInt32(clamping: options.connectionLimit),
            connections_per_address: UInt32(clamping: options.connectionLimitPerAddress ?? 0),
            idle_seconds: core.idleSeconds,
            stack_size: Self.stackByteCount
        )
        var calls = ServerCore.calls
        // The state keeps the core until the daemon has ended.
        let context = Unmanaged.passUnretained(core).toOpaque()
        return cblobstorage_server_start(socket, &calls, context, limits)
    }

    /// Stops serving: no new connections at once, and no new requests.
    ///
    /// A start that is not done yet fails.
    ///
    /// - Parameter time: How long the running requests may take; those that still run are broken off
    ///   then, as they are if the task that waits here is cancelled.
    public func stop(within time: Duration = .seconds(30)) async {
        let running = state.withLock { state -> (UInt, ServerCore, Task<Void, Never>)? in
            if case .starting = state { state = .stopped }
            guard case .running(let daemon, let core, let sweeper) = state else { return nil }
            state = .stopping
            return (daemon, core, sweeper)
        }
        guard let (daemon, core, sweeper) = running else { return }
        sweeper.cancel()
        let listener = MHD_quiesce_daemon(OpaquePointer(bitPattern: daemon))
        // Nobody can connect from now on. It is closed later: libmicrohttpd's thread may still look at
        // it, and must not find something else under its number.
        if listener >= 0 { shutdown(listener, Int32(SHUT_RDWR)) }
        core.beginStopping()
        let clock = ContinuousClock()
        let deadline = clock.now + time
        while core.runningCount > 0, clock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: Self.stopTick)
        }
        core.breakOff()
        await Self.join(daemon)
        if listener >= 0 { close(listener) }
        _ = await sweeper.value
        withExtendedLifetime(core) {}
        state.withLock { $0 = .stopped }
    }

    /// Serves until the task is cancelled, then stops.
    ///
    /// - Parameters:
    ///   - time: How long the running requests may take then.
    ///   - onStart: Called with the address when the server listens.
    /// - Throws: As ``start()``, or what `onStart` throws.
    public func run(
        stoppingWithin time: Duration = .seconds(30),
        onStart: (HTTPServerAddress) async throws -> Void
    ) async throws {
        let address = try await start()
        do {
            try await onStart(address)
        } catch {
            await stop(within: time)
            throw error
        }
        // No answer ever comes; cancelling ends the wait.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        // The task is cancelled, and stopping shall take its time all the same.
        await Task.detached { await self.stop(within: time) }.value
    }

    /// Waits on a thread of its own for those of the connections.
    private static func join(_ daemon: UInt) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let thread = Joiner(daemon: daemon, continuation: continuation)
            thread.start()
        }
    }
}

/// Waits for a daemon to end, and tells.
private final class Joiner: Sendable {
    private let daemon: UInt
    private let continuation: CheckedContinuation<Void, Never>

    init(daemon: UInt, continuation: CheckedContinuation<Void, Never>) {
        self.daemon = daemon
        self.continuation = continuation
    }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Joiner>.fromOpaque(context).takeRetainedValue().join()
                return nil
            },
            context.toOpaque()
        )
        guard status == 0 else {
            context.release()
            join()
            return
        }
        pthread_detach(thread)
    }

    private func join() {
        MHD_stop_daemon(OpaquePointer(bitPattern: daemon))
        continuation.resume()
    }
}
