import BlobStorage
import CBlobStorageHTTP

/// The thread that sends and receives, and all that belongs to it.
///
/// Each turn it takes the commands that tasks left, lets libcurl work on the sockets that are
/// ready, tells the tasks what came, and waits for more.
final class CurlLoop {
    let mailbox: LoopMailbox
    let options: HTTPTransportOptions
    let multi: UnsafeMutableRawPointer
    let calls: UnsafeMutablePointer<cblobstorage_curl_loop_calls>
    var poller: Poller
    var budget: ConnectionBudget
    var active: [ObjectIdentifier: EasyHandle] = [:]
    var pool: [EasyHandle] = []
    /// Those for which something came in this turn.
    var touched: [EasyHandle] = []
    /// The room of ``touched`` while those in it are told.
    private var told: [EasyHandle] = []
    /// When libcurl wants to be called, in milliseconds of the loop's clock.
    var timer: Int64 = .max
    /// When to look for transfers that are late.
    var nextLook: Int64 = .max
    var now = CurlLoop.clock()

    private static let global = curl_global_init(Int(CURL_GLOBAL_ALL))

    /// - Throws: ``HTTPError`` if the system has no descriptor left, or no memory.
    init(_ mailbox: LoopMailbox, wake: Int32, options: HTTPTransportOptions) throws(HTTPError) {
        guard Self.global == CURLE_OK else { throw .noMemory("curl_global_init") }
        poller = try Poller(wake: wake)
        guard let multi = curl_multi_init() else { throw .noMemory("curl_multi_init") }
        self.multi = multi
        self.mailbox = mailbox
        self.options = options
        budget = ConnectionBudget(
            limitPerHost: options.connectionsPerHost,
            limit: options.connectionCount
        )
        calls = .allocate(capacity: 1)
        calls.initialize(to: cblobstorage_curl_loop_calls())
        setCalls()
        cblobstorage_curl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
        let connectionCount = max(1, options.connectionCount)
        cblobstorage_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connectionCount)
    }

    deinit {
        pool = []
        curl_multi_cleanup(multi)
        calls.deinitialize(count: 1)
        calls.deallocate()
    }

    /// Milliseconds that only go forward.
    static func clock() -> Int64 {
        cblobstorage_milliseconds()
    }

    /// Runs until the mailbox is closed and the last transfer has ended.
    func run() {
        var commands: [LoopCommand] = []
        while true {
            mailbox.take(&commands)
            if !commands.isEmpty {
                for command in commands { perform(command) }
                commands.removeAll(keepingCapacity: true)
                work()
            }
            if active.isEmpty, budget.hasNoneWaiting, mailbox.end() { return }
            wait(mayWait: mailbox.willWait())
            work()
        }
    }

    private func wait(mayWait: Bool) {
        var time: Int64 = 0
        if mayWait {
            let due = min(timer, nextLook)
            time = due == .max ? -1 : min(max(0, due - now), Int64(Int32.max))
        }
        let count = poller.wait(milliseconds: Int32(clamping: time))
        mailbox.awake()
        now = Self.clock()
        for index in 0..<count {
            guard let (socket, ready) = poller.event(index) else { continue }
            act(socket, ready)
        }
    }

    /// Lets libcurl do what is due, and tells the tasks.
    private func work() {
        if timer <= now {
            timer = .max
            act(cblobstorage_curl_no_socket, 0)
        }
        finishTransfers()
        if now >= nextLook { lookForLate() }
        // Whoever is told may make libcurl call back, so that something comes meanwhile.
        while !touched.isEmpty {
            swap(&touched, &told)
            for handle in told where handle.isTouched {
                handle.isTouched = false
                handle.exchange?.flush()
                endPausedUpload(handle)
            }
            told.removeAll(keepingCapacity: true)
        }
    }

    private func act(_ socket: Int32, _ ready: Int32) {
        var runningCount: Int32 = 0
        curl_multi_socket_action(multi, socket, ready, &runningCount)
    }
}
