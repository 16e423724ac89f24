internal import BlobStorage
internal import CBlobStorageServer
internal import Glibc

/// A socket that connections come in on.
struct ListeningSocket: Sendable {
    /// How many connections may wait to be accepted.
    private static let backlog: Int32 = 1_024

    let descriptor: Int32
    let address: HTTPServerAddress

    /// Opens the socket of a host and a port.
    ///
    /// - Throws: `BlobError` that says what to do.
    init(host: String, port: Int) throws {
        guard (0...65_535).contains(port) else {
            throw Self.error(.invalidArgument, "the port \(port) is not 0 to 65535")
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard status == 0, let found else {
            let reason = String(cString: gai_strerror(status))
            let message =
                "\"\(EscapedText(host))\" is no address to listen on: \(reason); "
                + "127.0.0.1 is this machine alone, 0.0.0.0 is all of its addresses"
            throw Self.error(.invalidArgument, message)
        }
        descriptor = socket(
            found.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else { throw Self.failure(SystemError.last("socket"), host, port) }
        do {
            try Self.listen(descriptor, found.pointee)
            address = try Self.address(of: descriptor)
        } catch {
            close(descriptor)
            throw Self.failure(error, host, port)
        }
    }

    private static func listen(_ descriptor: Int32, _ address: addrinfo) throws(SystemError) {
        var yes: Int32 = 1
        var no: Int32 = 0
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(4))
        if address.ai_family == AF_INET6 {
            // So that `::` takes both versions.
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, socklen_t(4))
        }
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            throw SystemError.last("bind")
        }
        guard Glibc.listen(descriptor, backlog) == 0 else { throw SystemError.last("listen") }
    }

    private static func address(of descriptor: Int32) throws(SystemError) -> HTTPServerAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let address = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(descriptor, address, &length) == 0
                    ? HTTPServerAddress(address) : nil
            }
        }
        guard let address else { throw SystemError.last("getsockname") }
        return address
    }

    /// Closes the socket after libmicrohttpd could not start.
    ///
    /// It closes the socket itself when it gets no thread, but leaves it open when it gets no memory.
    /// What has the number by then may be somebody else's.
    func closeIfOpen() {
        guard (try? Self.address(of: descriptor)) == address else { return }
        close(descriptor)
    }

    private static func failure(_ error: SystemError, _ host: String, _ port: Int) -> BlobError {
        let place = "port \(port) of \(EscapedText(host))"
        return switch error.code {
        case EADDRINUSE:
            Self.error(
                .unavailable,
                "\(place) is taken; stop what listens there, or choose another port (0 for any)",
                error
            )
        case EACCES, EPERM:
            Self.error(
                .permissionDenied,
                "\(place) is for privileged programs; choose one from 1024 on",
                error
            )
        case EADDRNOTAVAIL:
            Self.error(
                .invalidArgument,
                "\(EscapedText(host)) is no address of this machine; 127.0.0.1 always is",
                error
            )
        default: Self.error(error.kind, "\(place) can't be listened on: \(error)", error)
        }
    }

    private static func error(
        _ kind: BlobError.Kind,
        _ message: String,
        _ underlying: SystemError? = nil
    ) -> BlobError {
        BlobError(kind, operation: "listen", message: message, underlying: underlying)
    }
}

extension HTTPServerAddress {
    /// Reads a socket's address; `nil` if it is neither of IP's versions.
    init?(_ address: UnsafePointer<sockaddr>) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            var inet = raw.loadUnaligned(as: sockaddr_in.self)
            inet_ntop(AF_INET, &inet.sin_addr, &text, socklen_t(text.count))
            port = Int(UInt16(bigEndian: inet.sin_port))
        case AF_INET6:
            var inet = raw.loadUnaligned(as: sockaddr_in6.self)
            inet_ntop(AF_INET6, &inet.sin6_addr, &text, socklen_t(text.count))
            port = Int(UInt16(bigEndian: inet.sin6_port))
        default: return nil
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        host = String(decoding: bytes, as: UTF8.self)
    }
}
