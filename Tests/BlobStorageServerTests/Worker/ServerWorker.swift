import BlobStorage
import BlobStorageServer
import Foundation
import Glibc

/// Starts and stops servers and sends them requests, and prints how many descriptors and threads the
/// process had before and after: `server-worker SERVERS REQUESTS`.
@main
struct ServerWorker {
    private struct Answer: HTTPHandler {
        func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
            do {
                let count = try await request.body.collect(upTo: 1 << 20).count
                let file = try await BlobBody.file("/proc/self/exe", range: .first(1_000))
                return HTTPServerResponse(status: count > 10 ? 400 : 200, body: file)
            } catch {
                return HTTPServerResponse(status: 400)
            }
        }
    }

    static func main() async throws {
        let serverCount = Int(CommandLine.arguments[1]) ?? 0
        let requestCount = Int(CommandLine.arguments[2]) ?? 0
        // What the first ones start for all that follow stays.
        try await useServers(5, requests: 20)
        // Threads that have nothing to do end after ten seconds.
        try await Task.sleep(for: .seconds(15))
        let before = (descriptors: entries("fd"), threads: entries("task"))
        try await useServers(serverCount, requests: 1)
        try await useServers(1, requests: requestCount)
        var after = before
        // On a busy machine they take longer to end; what has leaked is there after a minute, too.
        for _ in 0..<600 {
            try await Task.sleep(for: .milliseconds(100))
            after = (entries("fd"), entries("task"))
            if after.descriptors <= before.descriptors, after.threads <= before.threads { break }
        }
        print("\(before.descriptors) \(before.threads) \(after.descriptors) \(after.threads)")
    }

    private static func useServers(_ count: Int, requests: Int) async throws {
        for _ in 0..<count {
            let server = HTTPServer(handler: Answer())
            let address = try await server.start()
            for number in 0..<requests { try send(number, to: address) }
            await server.stop(within: .seconds(1))
        }
    }

    /// Sends one request on a connection of its own, and now and then leaves in the middle.
    private static func send(_ number: Int, to address: HTTPServerAddress) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_addr.s_addr = inet_addr(address.host)
        peer.sin_port = UInt16(address.port).bigEndian
        let status = withUnsafePointer(to: &peer) { peer in
            peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SystemError("connect", errno) }
        let isCut = number % 10 == 7
        let text =
            "PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(isCut ? 9 : 4)\r\n\r\nfour"
        guard Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) > 0, !isCut
        else { return }
        var room = [UInt8](repeating: 0, count: 4_096)
        var count = 0
        while case let more = recv(descriptor, &room, room.count, 0), more > 0 { count += more }
        guard count > 1_000 else { throw SystemError("recv", EBADMSG) }
    }

    private static func entries(_ folder: String) -> Int {
        guard let directory = opendir("/proc/self/\(folder)") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
