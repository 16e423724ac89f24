internal import BlobStorage
internal import Glibc

/// One connection of a ``RawServer``, with calls that block for a minute at most.
package final class RawConnection {
    private let socket: Int32
    private let record: RawServer.Record
    private var buffer: [UInt8] = []
    private var isOpen = true

    package init(_ socket: Int32, _ record: RawServer.Record) {
        self.socket = socket
        self.record = record
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Sets how much the system keeps of what the other end did not read yet.
    package func setSendBuffer(_ byteCount: Int32) {
        var byteCount = byteCount
        setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &byteCount, socklen_t(4))
    }

    /// Reads up to the empty line behind the header fields.
    ///
    /// - Returns: The head, without the empty line; `nil` if the connection was closed before.
    package func readHead() throws -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let index = buffer.firstOffset(of: end) {
                let head = String(decoding: buffer[..<index], as: UTF8.self)
                buffer.removeFirst(index + end.count)
                record.heads.withLock { $0.append(head) }
                return head
            }
            guard try fill() else { return nil }
        }
    }

    /// Reads a head and the body that its `Content-Length` tells.
    package func readRequest() throws -> (head: String, body: [UInt8])? {
        guard let head = try readHead() else { return nil }
        let count = head.field("content-length").flatMap { Int($0) } ?? 0
        return (head, try read(count))
    }

    /// Reads exactly as many bytes.
    package func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw SystemError("read", ECONNRESET) }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Reads to a text, with it.
    package func read(through text: String) throws -> String {
        let end = Array(text.utf8)
        while true {
            if let index = buffer.firstOffset(of: end) {
                defer { buffer.removeFirst(index + end.count) }
                return String(decoding: buffer[..<(index + end.count)], as: UTF8.self)
            }
            guard try fill() else { throw SystemError("read", ECONNRESET) }
        }
    }

    /// Drops what comes until the other end closes the connection.
    ///
    /// - Returns: Whether it does, within a time of silence.
    package func isClosedByClient(after milliseconds: Int = 60_000) -> Bool {
        var limit = timeval(tv_sec: milliseconds / 1_000, tv_usec: milliseconds % 1_000 * 1_000)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        do {
            while try fill() { buffer = [] }
            return true
        } catch {
            return (error as? SystemError)?.code == ECONNRESET
        }
    }

    /// Whether there is something to read, or the connection was closed.
    package func hasInput(after milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return !buffer.isEmpty || poll(&entry, 1, milliseconds) == 1
    }

    /// Drops what is there, or what comes next.
    ///
    /// - Returns: Whether there was something; if not, the connection was closed.
    package func readSome() throws -> Bool {
        defer { buffer = [] }
        return try !buffer.isEmpty || fill()
    }

    private func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &piece, piece.count, 0)
        guard count >= 0 else { throw SystemError.last("recv") }
        buffer += piece[..<count]
        return count > 0
    }

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            sent += try sendSome(bytes[sent...])
        }
    }

    /// Sends as much as there is room for.
    ///
    /// - Returns: How many bytes; 0 if there is no room.
    package func sendNow(_ bytes: [UInt8]) throws -> Int {
        let count = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        if count < 0, errno == EAGAIN { return 0 }
        guard count >= 0 else { throw SystemError.last("send") }
        return count
    }

    /// Waits until there is room to send.
    ///
    /// - Returns: Whether there is, within the time.
    package func hasRoom(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) == 1
    }

    private func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = bytes.withUnsafeBytes { bytes in
            Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        guard count >= 0 else { throw SystemError.last("send") }
        return count
    }

    /// Tells the other end that nothing more comes, and still takes what it sends.
    package func endSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Closes the connection with a reset, as a server does that dies.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            socket,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<Glibc.linger>.size)
        )
        close()
    }

    package func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
    }
}

extension String {
    /// The value of a header field in a head.
    package func field(_ name: String) -> String? {
        for line in split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].lowercased() == name else { continue }
            return parts[1].trimmingPrefix(" ").description
        }
        return nil
    }
}
