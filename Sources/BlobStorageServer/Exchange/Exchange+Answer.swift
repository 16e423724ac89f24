internal import BlobStorage
internal import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

extension Exchange {
    /// What is answered.
    private var answer: HTTPServerResponse {
        let response = refusal?.response ?? slot.response ?? HTTPServerResponse(status: 500)
        guard (200...999).contains(response.status), response.hasValidHeaders else {
            return Refusal(500, "the handler's answer can't be sent").response
        }
        return response
    }

    /// Answers when none of the body was read, though there may be one.
    func answerBeforeBody(_ head: RequestHead) -> MHD_Result {
        dropBody()
        switch head.body {
        case .none:
            // Asked for again in a moment, when a response does not cost the connection.
            phase = .open
            return refusal == nil ? .YES : queue()
        case .known(let count) where count <= Self.drainByteLimit && !head.awaitsContinue:
            return drain()
        case .known, .chunked:
            // A client that waits for `100 Continue` has sent no body that could be in the way.
            let isInTheWay = !head.awaitsContinue && answer.smallBody(for: method) != nil
            return isInTheWay ? answerByHand() : queue()
        }
    }

    /// Answers in the middle of the body.
    func answerInsideBody() -> MHD_Result {
        dropBody()
        let isSmall = answer.smallBody(for: method) != nil
        let limit = isSmall ? Self.drainByteLimit : Self.lingerByteLimit
        if case .known(let count) = head?.body, count - receivedByteCount <= limit {
            return drain()
        }
        // Better no answer than one without its body.
        return isSmall ? answerByHand() : .NO
    }

    /// Reads the rest of the body, so that the connection can be kept; a client that takes too long for
    /// it gets its answer, and loses the connection.
    private func drain() -> MHD_Result {
        phase = .draining
        core.bound(connection, to: Self.lingerTime, answer: textByHand(answer))
        return .YES
    }

    /// Says that no more of the body comes, since an answer's body may yet be made of it.
    private func dropBody() {
        let message = "the answer was given before the body was read"
        slot.endReceiving(.failed(BlobError(.closed, operation: "body", message: message)))
    }

    /// Gives the response to libmicrohttpd.
    func queue() -> MHD_Result {
        phase = .answered
        let answer = answer
        guard let response = makeResponse(answer) else { return .NO }
        defer { MHD_destroy_response(response) }
        status = answer.status
        // A chunked body's framing is read more leniently than it should be; what follows it is not
        // trusted.
        if head?.body == .chunked || core.isStopping || refusal != nil {
            MHD_add_response_header(response, "Connection", "close")
        }
        return MHD_queue_response(connection, UInt32(answer.status), response)
    }

    /// Writes the response to the socket, since libmicrohttpd takes none here, and reads on for a
    /// while.
    private func answerByHand() -> MHD_Result {
        let answer = answer
        let bytes = textByHand(answer)
        // Nothing else was sent for a while, so there is room for what is said to a client that is
        // refused.
        let sent = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        status = answer.status
        sentByteCount = Int64(answer.smallBody(for: method)?.count ?? 0)
        guard sent == bytes.count else { return .NO }
        isAnsweredByHand = true
        shutdown(socket, Int32(SHUT_WR))
        phase = .lingering(until: clock.now + Self.lingerTime)
        return .YES
    }

    /// An answer as it goes over the wire, with a body that is small; of others none.
    private func textByHand(_ answer: HTTPServerResponse) -> [UInt8] {
        guard let body = answer.smallBody(for: method) else { return [] }
        let reason = String(cString: MHD_get_reason_phrase_for(UInt32(answer.status)))
        var text = "HTTP/1.1 \(answer.status) \(reason)\r\n"
        for field in answer.headers.fields where !HTTPServerResponse.isFraming(field.name) {
            text += "\(field.name): \(field.value)\r\n"
        }
        if answer.hasBody(for: method) { text += "Content-Length: \(body.count)\r\n" }
        text += "Connection: close\r\n\r\n"
        return Array(text.utf8) + body
    }

    // MARK: Making responses

    private func makeResponse(_ answer: HTTPServerResponse) -> OpaquePointer? {
        guard let response = makeBody(answer) else { return nil }
        for field in answer.headers.fields where !HTTPServerResponse.isFraming(field.name) {
            // libmicrohttpd takes no empty values; a blank is as good.
            let value = field.value.isEmpty ? " " : field.value
            guard MHD_add_response_header(response, field.name, value) == .YES else {
                MHD_destroy_response(response)
                return nil
            }
        }
        return response
    }

    private func makeBody(_ answer: HTTPServerResponse) -> OpaquePointer? {
        let body = answer.body
        guard answer.hasBody(for: method) else { return makeEmpty(answer) }
        if let bytes = body.bytesInMemory, bytes.count <= HTTPServerResponse.copyByteLimit {
            sentByteCount = Int64(bytes.count)
            return bytes.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    .RESPMEM_MUST_COPY
                )
            }
        }
        if let file = body.fileRange {
            sentByteCount = file.byteCount
            guard file.byteCount > 0 else {
                return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
            }
            let descriptor = fcntl(file.descriptor.number, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { return nil }
            let response = MHD_create_response_from_fd_at_offset64(
                UInt64(file.byteCount),
                descriptor,
                UInt64(file.offset)
            )
            if response == nil { close(descriptor) }
            return response
        }
        return makeStream(body.byteCount.map { UInt64($0) })
    }

    /// A response without a body, which may yet tell the length that one would have.
    private func makeEmpty(_ answer: HTTPServerResponse) -> OpaquePointer? {
        let told = answer.headers["content-length"].flatMap { UInt64($0) }
        let tellsBody = method == "HEAD" && answer.status != 304
        let known = tellsBody ? answer.body.byteCount.map { UInt64($0) } : nil
        if answer.status == 204 || told ?? known == 0 {
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
        let response = makeStream(told ?? known)
        if told ?? known == nil {
            // It would send the end of a chunked body here, which is not allowed.
            cblobstorage_server_close_after(response)
        }
        return response
    }

    /// A response whose body the task makes.
    private func makeStream(_ byteCount: UInt64?) -> OpaquePointer? {
        // The exchange lives until the request is complete, and the response is dropped before.
        MHD_create_response_from_callback(
            byteCount ?? cblobstorage_server_unknown_size,
            Self.blockByteCount,
            { context, _, room, count in
                guard let context, let room else { return cblobstorage_server_broken_body }
                return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                    .read(into: UnsafeMutableRawBufferPointer(start: room, count: count))
            },
            Unmanaged.passUnretained(self).toOpaque(),
            nil
        )
    }

    /// Bytes that are given to the socket at once.
    private static let blockByteCount = 128 << 10

    private func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard pump(until: { slot.isReadyToSend }) else { return cblobstorage_server_broken_body }
        let (count, end) = slot.takeBytes(into: room)
        sentByteCount += Int64(count)
        guard count == 0 else { return count }
        guard case .ended = end else { return cblobstorage_server_broken_body }
        return cblobstorage_server_end_of_body
    }
}

extension HTTPServerResponse {
    /// The most bytes in memory that are copied for libmicrohttpd; more go piece by piece.
    static let copyByteLimit = 64 << 10

    /// Whether a body may be sent.
    func hasBody(for method: String) -> Bool {
        method != "HEAD" && status != 204 && status != 304
    }

    /// Whether the body goes through the task, chunk by chunk.
    func isStreamed(for method: String) -> Bool {
        guard hasBody(for: method), body.fileRange == nil else { return false }
        return body.bytesInMemory.map { $0.count > Self.copyByteLimit } ?? true
    }

    /// The body, if it is in memory and no more than a socket has room for.
    func smallBody(for method: String) -> [UInt8]? {
        guard hasBody(for: method) else { return [] }
        return body.bytesInMemory.flatMap { $0.count <= Self.copyByteLimit ? $0 : nil }
    }

    /// Whether a field is about the framing, which is the server's own.
    static func isFraming(_ name: String) -> Bool {
        HTTPHeaders.isSame(name, "content-length") || HTTPHeaders.isSame(name, "transfer-encoding")
    }

    /// Whether all fields can be sent as they are.
    var hasValidHeaders: Bool {
        headers.fields.allSatisfy { field in
            !field.name.isEmpty
                && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
                && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        }
    }
}

extension ExchangeSlot {
    /// Sends a body, chunk by chunk, and how it ended.
    func send(_ body: BlobBody) async {
        do {
            for try await chunk in body where !chunk.isEmpty { try await send(chunk) }
            // A sequence may end early, without an error, when its reader is cancelled.
            try Task.checkCancellation()
            endBody(.ended)
        } catch {
            endBody(.failed(error))
        }
    }
}
