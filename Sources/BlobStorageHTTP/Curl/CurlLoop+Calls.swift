import CBlobStorageHTTP

// What libcurl calls for its sockets and its timer, on the loop's thread.
extension CurlLoop {
    func setCalls() {
        calls.pointee.context = Unmanaged.passUnretained(self).toOpaque()
        calls.pointee.opened = { context, socket in
            CurlLoop.of(context)?.poller.opened(socket)
        }
        calls.pointee.closing = { context, socket in
            CurlLoop.of(context)?.poller.closing(socket)
        }
        calls.pointee.watch = { _, socket, what, context, _ in
            // libcurl's numbers for what it waits for are the poller's.
            CurlLoop.of(context)?.poller.want(what == CURL_POLL_REMOVE ? 0 : what, socket)
            return 0
        }
        calls.pointee.timer = { _, milliseconds, context in
            CurlLoop.of(context)?.setTimer(Int64(milliseconds))
            return 0
        }
        cblobstorage_curl_multi_set_calls(multi, calls)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlLoop? {
        context.map { Unmanaged<CurlLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    private func setTimer(_ milliseconds: Int64) {
        switch milliseconds {
        case ..<0: timer = .max
        case 0: timer = now
        default: timer = Self.clock() + milliseconds
        }
    }
}
