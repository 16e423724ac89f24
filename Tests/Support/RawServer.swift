package import BlobStorage
package import BlobStorageHTTP
internal import Foundation
internal import Glibc

/// A server on loopback that does byte for byte what a test's script says.
///
/// The script runs once for each connection, on a thread of its own, and may block: each call of
/// the connection gives up after a minute. The connection is closed when the script returns or
/// throws.
package final class RawServer: Sendable {
    package typealias Script = @Sendable (RawConnection) throws -> Void

    /// What all connections have seen together.
    package final class Record: Sendable {
        package let heads = Locked<[String]>([])
        package let connectionCount = Locked(0)
        package let openCount = Locked(0)

        /// Whether each connection has ended, or does so within a minute.
        package var hasNoConnection: Bool {
            get async throws {
                for _ in 0..<12_000 where openCount.withLock({ $0 }) > 0 {
                    try await Task.sleep(for: .milliseconds(5))
                }
                return openCount.withLock { $0 } == 0
            }
        }
    }

    package let port: Int
    package let record: Record
    private let listener: Int32

    package init(backlog: Int32 = 512, _ script: @escaping Script) throws {
        let (listener, port) = try Self.listen(backlog)
        let record = Record()
        (self.listener, self.port, self.record) = (listener, port, record)
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                if socket < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard socket >= 0 else { break }
                record.connectionCount.withLock { $0 += 1 }
                record.openCount.withLock { $0 += 1 }
                Thread.detachNewThread {
                    let connection = RawConnection(socket, record)
                    // A script ends by throwing when its client is gone, as many clients here are.
                    try? script(connection)
                    connection.close()
                    record.openCount.withLock { $0 -= 1 }
                }
            }
            close(listener)
        }
    }

    deinit {
        // The thread that accepts sees this, and closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A server that answers each request with the same bytes and keeps the connection.
    package convenience init(answering answer: String) throws {
        try self.init { connection in
            while try connection.readRequest() != nil { try connection.send(answer) }
        }
    }

    /// A port where nobody listens: one that was free a moment ago.
    package static func freePort() throws -> Int {
        let (listener, port) = try listen(1)
        close(listener)
        return port
    }

    package func url(_ path: String = "/", query: String? = nil) -> HTTPURL {
        HTTPURL(.http, host: "127.0.0.1", port: port, path: path, query: query)
    }

    private static func listen(_ backlog: Int32) throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw SystemError.last("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0 else { return Int32(-1) }
                guard Glibc.listen(listener, backlog) == 0 else { return -1 }
                return getsockname(listener, address, &length)
            }
        }
        guard status == 0 else { throw SystemError.last("listen") }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}
