import CBlobStorageHTTP

// What libcurl calls during a transfer, on the loop's thread.
extension EasyHandle {
    static let calls = cblobstorage_curl_calls(
        head: { bytes, _, count, context in
            EasyHandle.of(context)?.receiveHead(UnsafeRawBufferPointer(start: bytes, count: count))
                ?? 0
        },
        write: { bytes, _, count, context in
            EasyHandle.of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: count)) ?? 0
        },
        read: { bytes, size, count, context in
            let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return EasyHandle.of(context)?.fill(room) ?? cblobstorage_curl_read_abort
        },
        // What was sent may have arrived, so that only the caller knows whether to send it again.
        rewind: { _, _, _ in CURL_SEEKFUNC_FAIL },
        send: { context, _, _, _, _ in EasyHandle.of(context)?.beginSending() ?? 1 }
    )

    private static func of(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A connection stands, and the request is about to be sent.
    private func beginSending() -> Int32 {
        sendCount += 1
        // libcurl tries again if a pooled connection is lost without a word. The server may have
        // done what it was asked, so this is for reading alone.
        let mayRepeat = exchange?.request.method == .get || exchange?.request.method == .head
        guard sendCount == 1 || mayRepeat else {
            isResendRefused = true
            failure = .connectionLost("the connection was lost before the answer")
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    private func receiveHead(_ line: UnsafeRawBufferPointer) -> Int {
        switch head.add(line) {
        case .more: break
        case .head(let status, let lines):
            touch()
            exchange?.receiveHead(status: status, lines: lines)
        case .failure(let error):
            failure = error
            return 0
        }
        return line.count
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let exchange else { return 0 }
        if remainingByteCount == nil {
            remainingByteCount = cblobstorage_curl_get_int64(
                curl,
                CURLINFO_CONTENT_LENGTH_DOWNLOAD_T
            )
        }
        let remaining = remainingByteCount ?? -1
        touch()
        let isTaken = exchange.receive(
            bytes,
            expectedByteCount: remaining < 0 ? nil : remaining
        )
        guard isTaken else {
            isReceivingPaused = true
            return cblobstorage_curl_write_pause
        }
        if remaining >= 0 { remainingByteCount = max(0, remaining - Int64(bytes.count)) }
        return bytes.count
    }

    /// Fills libcurl's buffer with what there is to send.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        guard let exchange else { return cblobstorage_curl_read_abort }
        var filled = 0
        while filled < room.count {
            if chunkOffset == chunk.count {
                switch exchange.nextUploadChunk() {
                case .chunk(let next): (chunk, chunkOffset) = (next, 0)
                case .end: return filled
                case .nothing:
                    if filled > 0 { return filled }
                    isSendingPaused = true
                    return cblobstorage_curl_read_pause
                }
            }
            let count = min(room.count - filled, chunk.count - chunkOffset)
            chunk.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[chunkOffset...].prefix(count))
                UnsafeMutableRawBufferPointer(rebasing: room[filled...]).copyMemory(from: part)
            }
            filled += count
            chunkOffset += count
        }
        return filled
    }
}
