import CBlobStorageHTTP

/// The sockets that a loop waits for, and its own descriptor to wake it.
///
/// libcurl changes its mind about a socket several times a request. The kernel hears of it once a
/// turn, and not at all that a pooled connection is idle: such a one is dropped from the set only
/// if it becomes ready. That leaves one system call for a hundred requests.
struct Poller: ~Copyable {
    private struct Socket {
        /// What libcurl waits for.
        var wanted: Int32 = 0
        /// What the kernel was told.
        var watched: Int32 = 0
        /// Whether libcurl tells when it is closed, so that it may be watched until then.
        var isConnection = false
        var isChanged = false
    }

    /// The most events that are taken in one turn.
    private static let eventLimit = 128

    let wake: Int32
    private let descriptor: Int32
    private var sockets: [Socket] = []
    private var changed: [Int32] = []
    private var events = [cblobstorage_poll_event](
        repeating: cblobstorage_poll_event(),
        count: eventLimit
    )

    init(wake: Int32) throws(HTTPError) {
        self.wake = wake
        descriptor = cblobstorage_poll_create()
        guard descriptor >= 0 else { throw .noResources("epoll_create1") }
        guard cblobstorage_poll_watch(descriptor, wake, CBLOBSTORAGE_POLL_IN, true) == 0 else {
            let error = HTTPError.noResources("epoll_ctl")
            cblobstorage_close(descriptor)
            throw error
        }
    }

    deinit {
        cblobstorage_close(descriptor)
    }

    private mutating func makeRoom(_ socket: Int32) -> Int {
        let index = Int(socket)
        while sockets.count <= index { sockets.append(Socket()) }
        return index
    }

    /// Notes a connection's socket; its number may have been another's before.
    mutating func opened(_ socket: Int32) {
        sockets[makeRoom(socket)] = Socket(isConnection: true)
    }

    /// Forgets a connection's socket; the kernel does so by itself.
    mutating func closing(_ socket: Int32) {
        sockets[makeRoom(socket)] = Socket()
    }

    /// Notes what libcurl waits for: readable, writable, both or nothing.
    mutating func want(_ what: Int32, _ socket: Int32) {
        let index = makeRoom(socket)
        sockets[index].wanted = what
        if what == 0 {
            // A socket of the resolver is closed without a word, and its number used again.
            guard !sockets[index].isConnection else { return }
            if sockets[index].watched != 0 { cblobstorage_poll_forget(descriptor, socket) }
            sockets[index] = Socket()
            return
        }
        guard sockets[index].watched != what, !sockets[index].isChanged else { return }
        sockets[index].isChanged = true
        changed.append(socket)
    }

    /// Tells the kernel what changed.
    private mutating func apply() {
        for socket in changed {
            let index = Int(socket)
            guard sockets[index].isChanged else { continue }
            sockets[index].isChanged = false
            let (wanted, watched) = (sockets[index].wanted, sockets[index].watched)
            guard wanted != 0, wanted != watched else { continue }
            if cblobstorage_poll_watch(descriptor, socket, wanted, watched == 0) == 0 {
                sockets[index].watched = wanted
            }
        }
        changed.removeAll(keepingCapacity: true)
    }

    /// Waits for sockets.
    ///
    /// - Parameter milliseconds: The longest time to wait; -1 for ever.
    /// - Returns: How many events there are, for `event(_:)`.
    mutating func wait(milliseconds: Int32) -> Int {
        apply()
        let count = cblobstorage_poll_wait(
            descriptor,
            &events,
            Int32(Self.eventLimit),
            milliseconds
        )
        return max(0, Int(count))
    }

    /// One of the events that were found: a socket that libcurl waits for, and how it is ready.
    mutating func event(_ index: Int) -> (socket: Int32, ready: Int32)? {
        let event = events[index]
        if event.descriptor == wake {
            cblobstorage_wake_clear(wake)
            return nil
        }
        let socket = sockets[makeRoom(event.descriptor)]
        if socket.wanted == 0 {
            // An idle connection that its server closed; libcurl notices when it needs one.
            cblobstorage_poll_forget(descriptor, event.descriptor)
            sockets[Int(event.descriptor)].watched = 0
            return nil
        }
        return (event.descriptor, event.ready & socket.wanted)
    }
}
