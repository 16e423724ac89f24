import BlobStorage
import Foundation
import Glibc

/// Stands before a server, and breaks connections when it is told to.
final class LossyProxy: Sendable {
    /// What to do with what comes from the client next.
    enum Loss: Sendable {
        /// The server never gets it.
        case request
        /// The server gets it, and answers; the client never gets the answer.
        case answer
    }

    let port: Int
    private let listener: Int32
    private let serverPort: Int
    private struct State {
        var losses: [Loss] = []
        var text: [UInt8] = []
        var whenLost: (@Sendable () -> Void)?
    }

    private let state = Locked(State())

    init(serverPort: Int) throws {
        self.serverPort = serverPort
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard status else { throw SystemError.last("bind") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.acceptAll() }
    }

    /// Ends the proxy; connections that are open go on.
    func stop() {
        // The thread that accepts sees this, and closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Loses this of the requests that come next and hold a text, one each.
    ///
    /// - Parameters:
    ///   - losses: What is lost.
    ///   - text: What the requests hold.
    ///   - whenLost: Happens each time, before the client can know of it.
    func lose(_ losses: [Loss], of text: String, whenLost: (@Sendable () -> Void)? = nil) {
        state.withLock { $0 = State(losses: losses, text: Array(text.utf8), whenLost: whenLost) }
    }

    /// How many losses are still to come.
    var leftCount: Int { state.withLock { $0.losses.count } }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            Thread.detachNewThread { self.serve(client) }
        }
        close(listener)
    }

    private func nextLoss(_ bytes: [UInt8]) -> (Loss, whenLost: (@Sendable () -> Void)?)? {
        state.withLock { state in
            guard !state.losses.isEmpty, bytes.firstRange(of: state.text) != nil else { return nil }
            return (state.losses.removeFirst(), state.whenLost)
        }
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(client)
            close(server)
        }
        var address = Self.loopback(port: serverPort)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return }
        while true {
            var descriptors = [client, server].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&descriptors, 2, -1) > 0 || errno == EINTR else { return }
            if descriptors[0].revents != 0 {
                guard let bytes = Self.read(client) else { return }
                let loss = nextLoss(bytes)
                if loss?.0 != .request {
                    guard Self.write(server, bytes) else { return }
                }
                if loss?.0 == .answer { _ = Self.read(server) }
                if let loss {
                    loss.whenLost?()
                    return
                }
            }
            if descriptors[1].revents != 0 {
                guard let bytes = Self.read(server), Self.write(client, bytes) else { return }
            }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
