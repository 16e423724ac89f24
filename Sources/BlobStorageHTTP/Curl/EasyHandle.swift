import CBlobStorageHTTP

/// A handle of libcurl's, used for one exchange after the other, with what the loop knows of it.
///
/// It belongs to its loop's thread. What is the same for all requests is set once.
final class EasyHandle {
    /// The size of libcurl's buffer to receive: with 16 KiB a long body takes twice the time of
    /// 512 KiB, and a short one has no use for more.
    private static let longBufferByteCount = 512 << 10
    private static let shortBufferByteCount = 16 << 10
    /// From how many bytes on an answer is long.
    private static let longAnswerByteCount: Int64 = 64 << 10
    /// The size of libcurl's buffer to send.
    private static let sendBufferByteCount = 512 << 10
    /// How long libcurl waits for `100 Continue`.
    private static let continueMilliseconds = 1_000
    /// From when on the system asks whether an idle connection's other end is still there.
    private static let keepAliveSeconds = 60

    let curl: UnsafeMutableRawPointer
    let errorText: UnsafeMutablePointer<CChar>
    var headers: UnsafeMutablePointer<curl_slist>?
    private var bufferByteCount = 0

    /// What is under way; `nil` while the handle is in the pool.
    var exchange: Exchange?
    var head = HeadCollector(limit: 0)
    /// How many bytes the body has that are not here yet; `nil` if nobody knows.
    var remainingByteCount: Int64?
    /// How many connections the request went out on.
    var sendCount = 0
    /// Whether libcurl was kept from sending the request once more.
    var isResendRefused = false
    /// Why a callback ended the transfer.
    var failure: HTTPError?
    var isReceivingPaused = false
    var isSendingPaused = false
    /// The chunk that is being sent, and how far.
    var chunk: [UInt8] = []
    var chunkOffset = 0
    var clock = TransferClock()
    /// Whether it is noted that something came in this turn.
    var isTouched = false
    private let touched: (EasyHandle) -> Void

    /// Creates a handle.
    ///
    /// - Parameters:
    ///   - options: What holds for all requests.
    ///   - calls: What libcurl calls for its sockets; it lives as long as the loop.
    ///   - touched: Told once a turn when something came for the exchange.
    /// - Throws: ``HTTPError`` if libcurl has no memory or does not know an option.
    init(
        _ options: HTTPTransportOptions,
        calls: UnsafeMutablePointer<cblobstorage_curl_loop_calls>,
        touched: @escaping (EasyHandle) -> Void
    ) throws(HTTPError) {
        guard let curl = curl_easy_init() else { throw .noMemory("curl_easy_init") }
        self.curl = curl
        self.touched = touched
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        cblobstorage_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, errorText)
        cblobstorage_curl_set_socket_calls(curl, calls)
        var calls = Self.calls
        cblobstorage_curl_set_calls(curl, &calls, Unmanaged.passUnretained(self).toOpaque())
        setConstants()
        setTrust(options)
        setProxy(options)
    }

    deinit {
        curl_easy_cleanup(curl)
        curl_slist_free_all(headers)
        errorText.deinitialize(count: Int(CURL_ERROR_SIZE))
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) {
        cblobstorage_curl_set_long(curl, option, value)
    }

    func set(_ option: CURLoption, _ value: String?) {
        cblobstorage_curl_set_text(curl, option, value)
    }

    private func setConstants() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(CURLOPT_NETRC, 0)
        set(CURLOPT_EXPECT_100_TIMEOUT_MS, Self.continueMilliseconds)
        set(CURLOPT_UPLOAD_BUFFERSIZE, Self.sendBufferByteCount)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, Self.keepAliveSeconds)
        set(CURLOPT_TCP_KEEPINTVL, Self.keepAliveSeconds)
        // A transfer that is stopped while a name is looked up must not wait for the resolver.
        set(CURLOPT_QUICK_EXIT, 1)
        // A proxy that only hands on bytes gets none of the headers, and its own are not the answer's.
        set(CURLOPT_HEADEROPT, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func setTrust(_ options: HTTPTransportOptions) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, 6)
        if let file = options.certificateAuthorityFile {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_CAPATH, nil)
        } else if let file = cblobstorage_curl_get_text(curl, CURLINFO_CAINFO),
            cblobstorage_can_read(file)
        {
            // libcurl keeps the certificates that it has read only if they are in one file.
            set(CURLOPT_CAPATH, nil)
        }
    }

    private func setProxy(_ options: HTTPTransportOptions) {
        switch options.proxy {
        case .none: set(CURLOPT_PROXY, "")
        case .environment: break
        case .url(let url):
            set(CURLOPT_PROXY, url)
            set(CURLOPT_NOPROXY, "")
        }
    }

    /// Chooses the buffer to receive, before a transfer.
    func setBuffer(for request: HTTPRequest) {
        let isLong =
            request.method == .get
            && request.answerByteCount ?? .max > Self.longAnswerByteCount
        let byteCount = isLong ? Self.longBufferByteCount : Self.shortBufferByteCount
        guard byteCount != bufferByteCount else { return }
        bufferByteCount = byteCount
        set(CURLOPT_BUFFERSIZE, byteCount)
    }

    /// Notes that something came for the exchange.
    func touch() {
        guard !isTouched else { return }
        isTouched = true
        touched(self)
    }

    /// Makes libcurl go on in the directions that are not paused; runs callbacks.
    func applyPauses() -> CURLcode {
        let receiving = isReceivingPaused ? CURLPAUSE_RECV : 0
        let sending = isSendingPaused ? CURLPAUSE_SEND : 0
        return curl_easy_pause(curl, receiving | sending)
    }

    /// Lets go of the exchange, after the transfer.
    func clear() {
        exchange = nil
        failure = nil
        isTouched = false
        head = HeadCollector(limit: 0)
        remainingByteCount = nil
        sendCount = 0
        isResendRefused = false
        (isReceivingPaused, isSendingPaused) = (false, false)
        (chunk, chunkOffset) = ([], 0)
        errorText.pointee = 0
    }

    /// What libcurl says about a failure; it may name the host.
    var errorMessage: String { String(cString: errorText) }
}
