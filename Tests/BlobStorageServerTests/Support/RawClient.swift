internal import BlobStorage
internal import BlobStorageServer
internal import BlobStorageTransportTestSupport
internal import Foundation
internal import Glibc

/// A client that sends byte for byte what a test says; each call gives up after 30 seconds.
///
/// The calls block, so a test makes them through ``run(_:_:)``.
final class RawClient {
    private let socket: Int32
    private var buffer: [UInt8] = []

    init(_ address: HTTPServerAddress) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw SystemError.last("socket") }
        var limit = timeval(tv_sec: 180, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_addr.s_addr = inet_addr(address.host)
        peer.sin_port = UInt16(address.port).bigEndian
        let status = withUnsafePointer(to: &peer) { peer in
            peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // What is whole is deinitialized, also when its making fails: the socket is closed there.
        guard status == 0 else { throw SystemError.last("connect") }
    }

    deinit {
        close(socket)
    }

    /// Connects and runs a script, on a thread that may block.
    static func run<Value: Sendable>(
        _ address: HTTPServerAddress,
        _ script: @escaping @Sendable (RawClient) throws -> Value
    ) async throws -> Value {
        try await blocking { try script(RawClient(address)) }
    }

    /// Runs something that blocks, on a thread of its own, since there may be hundreds at once.
    static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let outcome = Locked<Result<Value, any Error>?>(nil)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                let result = Result { try body() }
                outcome.withLock { $0 = result }
                continuation.resume()
            }
        }
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// An answer.
    struct Answer: Sendable {
        let head: String
        var body: [UInt8] = []

        var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
        var text: String { String(decoding: body, as: UTF8.self) }

        /// The values of a field, in order.
        func fields(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name else { return nil }
                return parts[1].trimmingPrefix(" ").description
            }
        }
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else { throw SystemError.last("send") }
            sent += count
        }
    }

    /// Sends as much as there is room for within a time.
    ///
    /// - Returns: How many bytes; 0 if there was no room.
    func sendSome(_ bytes: [UInt8], within milliseconds: Int32) throws -> Int {
        var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        guard poll(&entry, 1, milliseconds) == 1 else { return 0 }
        let count = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        guard count >= 0 else { throw SystemError.last("send") }
        return count
    }

    /// Whether there is something to read, or the connection was closed.
    func hasInput(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return !buffer.isEmpty || poll(&entry, 1, milliseconds) == 1
    }

    /// Reads a head.
    func readHead() throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let index = buffer.firstOffset(of: end) {
                defer { buffer.removeFirst(index + end.count) }
                return Answer(head: String(decoding: buffer[..<index], as: UTF8.self))
            }
            guard try fill() else { throw SystemError("recv", ECONNRESET) }
        }
    }

    /// Reads an answer with the body that its head tells.
    func readAnswer(hasBody: Bool = true) throws -> Answer {
        var answer = try readHead()
        guard hasBody else { return answer }
        if answer.fields("transfer-encoding") == ["chunked"] {
            answer.body = try readChunks()
        } else if let count = answer.fields("content-length").first.flatMap({ Int($0) }) {
            answer.body = try read(count)
        }
        return answer
    }

    private func readChunks() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let count = Int(try readLine(), radix: 16) ?? -1
            guard count >= 0 else { throw SystemError("chunk", EBADMSG) }
            all += try read(count)
            guard try readLine().isEmpty else { throw SystemError("chunk", EBADMSG) }
            if count == 0 { return all }
        }
    }

    private func readLine() throws -> String {
        while true {
            if let index = buffer.firstOffset(of: [13, 10]) {
                defer { buffer.removeFirst(index + 2) }
                return String(decoding: buffer[..<index], as: UTF8.self)
            }
            guard try fill() else { throw SystemError("recv", ECONNRESET) }
        }
    }

    /// Reads exactly as many bytes.
    func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw SystemError("recv", ECONNRESET) }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Reads to the end of the connection.
    ///
    /// - Returns: All bytes.
    func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Drops what comes until the server closes the connection.
    func isClosed() -> Bool {
        do {
            while try fill() { buffer = [] }
            return true
        } catch {
            return (error as? SystemError)?.code == ECONNRESET
        }
    }

    private func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        let count = recv(socket, &piece, piece.count, 0)
        guard count >= 0 else { throw SystemError.last("recv") }
        buffer += piece[..<count]
        return count > 0
    }
}
