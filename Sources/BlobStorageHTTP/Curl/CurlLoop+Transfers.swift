import BlobStorage
import CBlobStorageHTTP

extension CurlLoop {
    /// How many handles are kept for later requests.
    private static let pooledHandleLimit = 64

    /// Does what a task wants.
    func perform(_ command: LoopCommand) {
        switch command {
        case .start(let exchange):
            guard !exchange.isOver else { return }
            if budget.add(exchange) { begin(exchange) } else { noteWaiting(exchange) }
        case .stop(let exchange):
            guard let handle = active[ObjectIdentifier(exchange)] else {
                budget.giveUp(exchange)
                return
            }
            end(handle)
        case .receive(let exchange):
            guard let handle = active[ObjectIdentifier(exchange)], handle.isReceivingPaused else {
                return
            }
            handle.isReceivingPaused = false
            resume(handle)
        case .send(let exchange):
            guard let handle = active[ObjectIdentifier(exchange)], handle.isSendingPaused else {
                return
            }
            handle.isSendingPaused = false
            resume(handle)
        }
    }

    private func begin(_ exchange: Exchange) {
        do throws(HTTPError) {
            let handle = try takeHandle()
            active[ObjectIdentifier(exchange)] = handle
            try handle.prepare(exchange, now: now)
            nextLook = min(nextLook, handle.clock.nextLook)
            let status = curl_multi_add_handle(multi, handle.curl)
            guard status == CURLM_OK else { throw HTTPError.noMemory("curl_multi_add_handle") }
        } catch {
            exchange.finish(error)
            if let handle = active.removeValue(forKey: ObjectIdentifier(exchange)) {
                handle.clear()
            }
            budget.remove(exchange)
        }
    }

    private func takeHandle() throws(HTTPError) -> EasyHandle {
        if let handle = pool.popLast() { return handle }
        return try EasyHandle(options, calls: calls) { [unowned self] in touched.append($0) }
    }

    /// How often libcurl is asked whether an answer that ends an upload is whole, in milliseconds.
    private static let needlessUploadStep: Int64 = 20

    /// Lets a transfer end whose sending is paused when an early answer makes it needless: libcurl
    /// would wait for the rest for ever.
    ///
    /// The end of the answer may come without a byte, so that nothing tells of it; it is looked for
    /// until it is there.
    func endPausedUpload(_ handle: EasyHandle) {
        guard handle.isUploadNeedless else { return }
        nextLook = min(nextLook, now + Self.needlessUploadStep)
        guard handle.isSendingPaused else { return }
        handle.isSendingPaused = false
        applyPauses(handle)
    }

    private func resume(_ handle: EasyHandle) {
        handle.clock.restart(now: now)
        applyPauses(handle)
    }

    private func applyPauses(_ handle: EasyHandle) {
        let status = handle.applyPauses()
        guard status != CURLE_OK else { return }
        handle.exchange?.finish(handle.error(status))
        end(handle)
    }

    /// Takes the transfers that libcurl has finished.
    func finishTransfers() {
        var result = CURLE_OK
        while let curl = cblobstorage_curl_multi_next_finished(multi, &result) {
            guard let context = cblobstorage_curl_get_context(curl) else { continue }
            let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
            handle.exchange?.finish(handle.error(result))
            end(handle)
        }
    }

    /// Takes a transfer out, finished or not, and begins those that waited for its place.
    ///
    /// The connection of one that is not finished is closed.
    private func end(_ handle: EasyHandle) {
        curl_multi_remove_handle(multi, handle.curl)
        if let exchange = handle.exchange {
            active[ObjectIdentifier(exchange)] = nil
            budget.remove(exchange)
        }
        handle.clear()
        if pool.count < Self.pooledHandleLimit { pool.append(handle) }
        while let next = budget.takeNext() {
            if next.isOver { budget.remove(next) } else { begin(next) }
        }
    }
}

// Time limits.
extension CurlLoop {
    private func noteWaiting(_ exchange: Exchange) {
        nextLook = min(nextLook, exchange.deadline)
    }

    /// Ends the transfers that are late.
    func lookForLate() {
        var late: [(EasyHandle, TransferClock.Limit)] = []
        nextLook = .max
        var needless: [EasyHandle] = []
        for handle in active.values {
            if let limit = handle.look(now: now) {
                late.append((handle, limit))
            } else {
                nextLook = min(nextLook, handle.clock.nextLook)
                if handle.isUploadNeedless { needless.append(handle) }
            }
        }
        for handle in needless { endPausedUpload(handle) }
        for (handle, limit) in late {
            handle.exchange?.finish(.timedOut(limit, mayHaveArrived: handle.sendCount > 0))
            end(handle)
        }
        for exchange in budget.waiting {
            if now >= exchange.deadline {
                exchange.finish(.timedOut(.total, mayHaveArrived: false))
                budget.giveUp(exchange)
            } else {
                nextLook = min(nextLook, exchange.deadline)
            }
        }
    }
}

extension EasyHandle {
    /// Whether an answer has come that makes the rest of the request's body needless.
    fileprivate var isUploadNeedless: Bool {
        head.isWhole && exchange?.isUploadStopped ?? false
    }

    fileprivate func look(now: Int64) -> TransferClock.Limit? {
        let sent = cblobstorage_curl_get_int64(curl, CURLINFO_SIZE_UPLOAD_T)
        let received = cblobstorage_curl_get_int64(curl, CURLINFO_SIZE_DOWNLOAD_T)
        // Until a connection stands, the time to connect is the limit.
        let isServersTurn =
            sendCount > 0 && !isReceivingPaused && (!isSendingPaused || isUploadNeedless)
        return clock.look(
            now: now,
            byteCount: sent + received + Int64(head.byteCount) + Int64(sendCount),
            isServersTurn: isServersTurn
        )
    }
}
