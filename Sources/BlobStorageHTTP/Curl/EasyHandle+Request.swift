import BlobStorage
import CBlobStorageHTTP

extension EasyHandle {
    /// Below how many bytes a body in memory is sent together with its head, in one call of the
    /// system's: libcurl does so below 64 KiB.
    private static let smallBodyByteCount = 64 << 10

    /// Takes up an exchange and sets all that differs between requests.
    ///
    /// - Throws: ``HTTPError`` if there is no memory.
    func prepare(_ exchange: Exchange, now: Int64) throws(HTTPError) {
        let request = exchange.request
        self.exchange = exchange
        head = HeadCollector(limit: exchange.options.headByteLimit)
        clock = TransferClock(exchange, now: now)
        setBuffer(for: request)
        set(CURLOPT_URL, request.url.text)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: request.timeouts.connect.curlMilliseconds))
        setMethod(request)
        try setHeaders(request)
    }

    private func setMethod(_ request: HTTPRequest) {
        // Undo what the request before had set; the first of them makes it a POST.
        set(CURLOPT_POSTFIELDS, nil)
        set(CURLOPT_HTTPGET, 1)
        let isUpload = request.method == .put || request.method == .post || request.body != nil
        guard isUpload, request.method != .get, request.method != .head else {
            if request.method == .head { set(CURLOPT_NOBODY, 1) }
            set(CURLOPT_CUSTOMREQUEST, request.method == .delete ? request.method.rawValue : nil)
            return
        }
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        let bytes = request.body == nil ? [] : request.body?.bytesInMemory
        if let bytes, bytes.count < Self.smallBodyByteCount {
            setSmallBody(bytes)
        } else {
            set(CURLOPT_UPLOAD, 1)
            let byteCount = request.body?.byteCount ?? -1
            cblobstorage_curl_set_int64(curl, CURLOPT_INFILESIZE_LARGE, byteCount)
        }
    }

    private func setSmallBody(_ bytes: [UInt8]) {
        set(CURLOPT_POST, 1)
        cblobstorage_curl_set_int64(curl, CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        bytes.withUnsafeBytes { bytes in
            // No bytes are a body too, and then any address will do.
            let start = bytes.baseAddress ?? UnsafeRawPointer(errorText)
            cblobstorage_curl_set_pointer(curl, CURLOPT_COPYPOSTFIELDS, start)
        }
    }

    private func setHeaders(_ request: HTTPRequest) throws(HTTPError) {
        curl_slist_free_all(headers)
        headers = nil
        try append("Host: \(request.url.authority)")
        try append(request.expectsContinue ? "Expect: 100-continue" : "Expect:")
        // A name with a colon and nothing behind removes what libcurl would send by itself.
        try append("Accept:")
        try append("User-Agent:")
        var hasContentType = false
        for field in request.headers.fields where !Self.isDerived(field.name) {
            if HTTPHeaders.isSame(field.name, "Content-Type") { hasContentType = true }
            let isEmpty = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            try append(isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        if !hasContentType { try append("Content-Type:") }
        cblobstorage_curl_set_pointer(curl, CURLOPT_HTTPHEADER, headers)
    }

    private static func isDerived(_ name: String) -> Bool {
        HTTPHeaders.isSame(name, "Host") || HTTPHeaders.isSame(name, "Content-Length")
    }

    private func append(_ line: String) throws(HTTPError) {
        guard let list = cblobstorage_curl_list_append(headers, line) else {
            throw .noMemory("curl_slist_append")
        }
        headers = list
    }
}

extension Duration {
    /// Milliseconds as libcurl takes them.
    fileprivate var curlMilliseconds: Int64 { min(max(1, milliseconds), Int64(Int32.max)) }
}
