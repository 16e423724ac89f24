import BlobStorage
import Foundation
import Glibc

/// A request as it goes over the wire, which nothing checks before it is sent.
struct WireMessage: Sendable {
    var method: String
    /// Bytes, since a change may leave no text.
    var target: [UInt8]
    var headers: [(name: String, value: String)]
    var body: [UInt8] = []

    init(_ method: String, _ target: String, _ headers: [(String, String)], _ body: [UInt8] = []) {
        self.method = method
        self.target = Array(target.utf8)
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    var targetText: String {
        get { String(decoding: target, as: UTF8.self) }
        set { target = Array(newValue.utf8) }
    }

    /// The value of a header; setting `nil` drops it, setting another replaces it or adds one.
    subscript(_ name: String) -> String? {
        get { headers.first { Self.isSame($0.name, name) }?.value }
        set {
            let index = headers.firstIndex { Self.isSame($0.name, name) }
            guard let newValue else {
                headers.removeAll { Self.isSame($0.name, name) }
                return
            }
            guard let index else {
                headers.append((name: name, value: newValue))
                return
            }
            headers[index].value = newValue
        }
    }

    static func isSame(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }

    func changed(_ change: (inout WireMessage) -> Void) -> WireMessage {
        var copy = self
        change(&copy)
        return copy
    }

    /// With a body, and the length of that.
    func withBody(_ body: [UInt8]) -> WireMessage {
        changed { message in
            message.body = body
            message["Content-Length"] = String(body.count)
        }
    }

    var bytes: [UInt8] {
        var all = Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\n".utf8)
        for (name, value) in headers { all += Array("\(name): \(value)\r\n".utf8) }
        return all + Array("Connection: close\r\n\r\n".utf8) + body
    }
}

/// A place to send messages to, each on a connection of its own.
struct WireServer: Sendable {
    let port: Int

    /// What blocks in the sending of one message ends after so many seconds.
    private static let limitSeconds = 60

    /// Sends a message, and no more.
    ///
    /// - Returns: The status of the answer; 0 if the server ends the connection without one.
    func send(_ message: WireMessage) throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw SystemError.last("socket") }
        defer { close(socket) }
        var limit = timeval(tv_sec: Self.limitSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        try connect(socket)
        write(message.bytes, to: socket)
        // The end, so that a server does not wait for what a head promised in vain.
        shutdown(socket, Int32(SHUT_WR))
        return try status(from: socket)
    }

    private func connect(_ socket: Int32) throws {
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_addr.s_addr = inet_addr("127.0.0.1")
        peer.sin_port = UInt16(port).bigEndian
        let status = withUnsafePointer(to: &peer) { peer in
            peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SystemError.last("connect") }
    }

    /// A server that has refused may not read all.
    private func write(_ bytes: [UInt8], to socket: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The status of the last answer that is no `100 Continue`.
    private func status(from socket: Int32) throws -> Int {
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count < 0, errno == EAGAIN { throw SystemError.last("recv") }
            // A server that did not read all that was sent resets the connection.
            guard count > 0 else { break }
            answer += piece[..<count]
        }
        var text = String(decoding: answer, as: UTF8.self)[...]
        while text.hasPrefix("HTTP/1.1 100"), let end = text.range(of: "\r\n\r\n") {
            text = text[end.upperBound...]
        }
        guard text.hasPrefix("HTTP/1.") else { return 0 }
        return text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
