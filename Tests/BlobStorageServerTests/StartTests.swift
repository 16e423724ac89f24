import BlobStorage
import Dispatch
import Testing

@testable import BlobStorageServer

/// Starts that take long, or fail.
@Suite struct StartTests {
    /// Looks for a host's address until it is let go, or for a minute.
    private final class SlowLookUp: Sendable {
        let isBegun = Locked(false)
        let address = Locked<HTTPServerAddress?>(nil)
        private let isReleased = DispatchSemaphore(value: 0)

        func openSocket(_ host: String, _ port: Int) throws -> ListeningSocket {
            isBegun.withLock { $0 = true }
            _ = isReleased.wait(timeout: .now() + .seconds(60))
            let socket = try ListeningSocket(host: host, port: port)
            address.withLock { $0 = socket.address }
            return socket
        }

        func release() {
            isReleased.signal()
        }
    }

    @Test func aSlowLookUpHoldsUpNobody() async throws {
        let lookUp = SlowLookUp()
        let server = HTTPServer(handler: TestHandler.echo, options: HTTPServerOptions()) {
            try lookUp.openSocket($0, $1)
        }
        let start = Task { try await server.start() }
        while !lookUp.isBegun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        let second = await #expect(throws: BlobError.self) { try await server.start() }
        #expect(second?.kind == .closed)
        await server.stop(within: .zero)
        lookUp.release()
        let first = await #expect(throws: BlobError.self) { try await start.value }
        #expect(first?.kind == .closed)
        #expect(first?.message.contains("stopped while it started") == true)
        // What was opened all the same is closed.
        let address = try #require(lookUp.address.withLock { $0 })
        #expect(throws: SystemError.self) { _ = try RawClient(address) }
        let third = await #expect(throws: BlobError.self) { try await server.start() }
        #expect(third?.kind == .closed)
    }

    @Test func aStartThatFailedMayBeTriedAgain() async throws {
        let callCount = Locked(0)
        let server = HTTPServer(handler: TestHandler.echo, options: HTTPServerOptions()) {
            callCount.withLock { $0 += 1 }
            guard callCount.withLock({ $0 }) > 1 else {
                throw BlobError(.unavailable, operation: "listen", message: "taken")
            }
            return try ListeningSocket(host: $0, port: $1)
        }
        let error = await #expect(throws: BlobError.self) { try await server.start() }
        #expect(error?.kind == .unavailable)
        // A stop before the start changes nothing.
        await server.stop(within: .zero)
        let address = try await server.start()
        let status = try await RawClient.run(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.readAnswer().status
        }
        #expect(status == 200)
        await server.stop(within: .seconds(1))
        let late = await #expect(throws: BlobError.self) { try await server.start() }
        #expect(late?.kind == .closed)
    }
}
