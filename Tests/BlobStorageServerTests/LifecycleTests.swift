import BlobStorage
import BlobStorageServer
import Foundation
import Glibc
import Testing

@Suite struct LifecycleTests {
    /// Waits until something is so, for a minute at most.
    private static func wait(until condition: () -> Bool) async throws {
        for _ in 0..<12_000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func aStopWaitsForRunningRequests() async throws {
        let (isRunning, isReleased) = (Locked(false), Locked(false))
        let server = HTTPServer(
            handler: TestHandler { _ in
                isRunning.withLock { $0 = true }
                try? await Self.wait { isReleased.withLock { $0 } }
                return .text(200, "done")
            }
        )
        let address = try await server.start()
        async let answer = RawClient.run(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return (try client.readAnswer(), client.isClosed())
        }
        try await Self.wait { isRunning.withLock { $0 } }
        async let stopped: Void = server.stop(within: .seconds(60))
        // The stop has begun when nobody listens any more.
        try await Self.wait { (try? RawClient(address)) == nil }
        try await Task.sleep(for: .milliseconds(200))
        isReleased.withLock { $0 = true }
        await stopped
        let (response, isClosed) = try await answer
        #expect(response.text == "done")
        #expect(response.fields("connection") == ["close"])
        #expect(isClosed)
        #expect(throws: SystemError.self) { _ = try RawClient(address) }
    }

    @Test func aStopBreaksOffWhatTakesTooLong() async throws {
        let (isRunning, wasCancelled) = (Locked(false), Locked(false))
        let server = HTTPServer(
            handler: TestHandler { _ in
                isRunning.withLock { $0 = true }
                try? await Task.sleep(for: .seconds(600))
                wasCancelled.withLock { $0 = Task.isCancelled }
                return .text(200, "late")
            }
        )
        let address = try await server.start()
        async let isClosed = RawClient.run(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.readToEnd().isEmpty
        }
        try await Self.wait { isRunning.withLock { $0 } }
        let clock = ContinuousClock()
        let time = await clock.measure { await server.stop(within: .milliseconds(100)) }
        #expect(time < .seconds(120))
        let wasClosed = try await isClosed
        #expect(wasClosed)
        #expect(wasCancelled.withLock { $0 })
    }

    @Test func aTaskThatDoesNotListenHoldsNobody() async throws {
        let (isRunning, isReleased) = (Locked(false), Locked(false))
        let server = HTTPServer(
            handler: TestHandler { _ in
                isRunning.withLock { $0 = true }
                while !isReleased.withLock({ $0 }) { await Task.yield() }
                return .text(200, "")
            }
        )
        let address = try await server.start()
        async let isClosed = RawClient.run(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return client.isClosed()
        }
        try await Self.wait { isRunning.withLock { $0 } }
        let time = await ContinuousClock().measure { await server.stop(within: .zero) }
        isReleased.withLock { $0 = true }
        #expect(time < .seconds(120))
        let wasClosed = try await isClosed
        #expect(wasClosed)
    }

    @Test func aClientThatGoesAwayCancelsItsRequest() async throws {
        let wasCancelled = Locked(false)
        let access = Locked<[HTTPServerAccess]>([])
        var options = HTTPServerOptions()
        options.onRequest = { entry in access.withLock { $0.append(entry) } }
        let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { _ in
            try? await Task.sleep(for: .seconds(600))
            wasCancelled.withLock { $0 = Task.isCancelled }
            return .text(200, "late")
        }
        try await serving(options: options, answer) { address in
            try await RawClient.run(address) { client in
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                usleep(100_000)
            }
            for _ in 0..<500 where access.withLock({ $0.isEmpty }) {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(wasCancelled.withLock { $0 })
        let entry = try #require(access.withLock { $0 }.first)
        #expect(entry.status == nil && !entry.isComplete)
    }

    @Test func aClientThatGoesAwayAfterABodyInChunksCancelsItsRequest() async throws {
        let (isRead, wasCancelled) = (Locked(false), Locked(false))
        let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { request in
            _ = try? await request.body.collect(upTo: 100)
            isRead.withLock { $0 = true }
            try? await Self.wait { Task.isCancelled }
            wasCancelled.withLock { $0 = Task.isCancelled }
            return .text(200, "late")
        }
        try await serving(answer) { address in
            try await RawClient.run(address) { client in
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                try client.send("1\r\nx\r\n0\r\n\r\n")
                for _ in 0..<2_000 where !isRead.withLock({ $0 }) { usleep(5_000) }
            }
            for _ in 0..<500 where !wasCancelled.withLock({ $0 }) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(wasCancelled.withLock { $0 })
        }
    }

    /// What is behind a descriptor's number: `socket:[12345]`.
    private static func file(behind descriptor: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
    }

    private static func isListening(_ descriptor: Int32, _ port: Int) -> Bool {
        var (isListening, size) = (Int32(0), socklen_t(4))
        getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size)
        var (address, count) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
        withUnsafeMutablePointer(to: &address) { address in
            _ = address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &count)
            }
        }
        return isListening != 0 && address.sin_port.bigEndian == UInt16(port)
    }

    /// libmicrohttpd's thread may look at it until it has ended, and must not find another file there.
    @Test func theListenersNumberIsNotGivenAwayWhileRequestsRun() async throws {
        let (isRunning, isReleased) = (Locked(false), Locked(false))
        let server = HTTPServer(
            handler: TestHandler { _ in
                isRunning.withLock { $0 = true }
                try? await Self.wait { isReleased.withLock { $0 } }
                return .text(200, "done")
            }
        )
        let address = try await server.start()
        let listener = try #require(
            (0..<4_096 as Range<Int32>).first { Self.isListening($0, address.port) }
        )
        let file = try #require(Self.file(behind: listener))
        async let text = RawClient.run(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.readAnswer().text
        }
        try await Self.wait { isRunning.withLock { $0 } }
        async let stopped: Void = server.stop(within: .seconds(60))
        try await Self.wait { (try? RawClient(address)) == nil }
        #expect(Self.file(behind: listener) == file)
        isReleased.withLock { $0 = true }
        await stopped
        #expect(try await text == "done")
        #expect(Self.file(behind: listener) != file)
    }

    @Test func addressesThatCanNotBeListenedOnAreErrors() async throws {
        func start(_ host: String, _ port: Int) async -> BlobError? {
            var options = HTTPServerOptions()
            (options.host, options.port) = (host, port)
            let server = HTTPServer(handler: TestHandler.echo, options: options)
            do {
                try await server.start()
                await server.stop(within: .zero)
                return nil
            } catch {
                return error as? BlobError
            }
        }
        try await serving(TestHandler.echo) { address in
            let taken = await start("127.0.0.1", address.port)
            #expect(taken?.kind == .unavailable)
            #expect(taken?.message.contains("choose another port") == true)
        }
        #expect(await start("no such host.invalid", 0)?.kind == .invalidArgument)
        #expect(await start("192.0.2.1", 0)?.message.contains("127.0.0.1 always is") == true)
        #expect(await start("127.0.0.1", 65_536)?.kind == .invalidArgument)
        #expect(await start("::1", 0) == nil)
        #expect(await start("localhost", 0) == nil)
        if getuid() != 0 {
            #expect(await start("127.0.0.1", 1)?.kind == .permissionDenied)
        }
    }

    @Test func aServerStartsOnce() async throws {
        let server = HTTPServer(handler: TestHandler.echo)
        let address = try await server.start()
        #expect(address.port > 0)
        #expect(address.url == "http://127.0.0.1:\(address.port)")
        let error = await #expect(throws: BlobError.self) { try await server.start() }
        #expect(error?.kind == .closed)
        await server.stop()
        await server.stop()
    }

    @Test func aServerRunsUntilItsTaskIsCancelled() async throws {
        let addresses = Locked<[HTTPServerAddress]>([])
        let server = HTTPServer(handler: TestHandler.echo)
        let task = Task {
            try await server.run { address in addresses.withLock { $0 = [address] } }
        }
        while addresses.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        try await task.value
        let address = try #require(addresses.withLock { $0 }.first)
        #expect(throws: SystemError.self) { _ = try RawClient(address) }
    }

    @Test(
        "secrets don't reach the log",
        arguments: [
            ("/a/b?list-type=2&prefix=x", "/a/b?list-type=2&prefix=x"),
            ("/a?X-Amz-Signature=abc&x=1", "/a?X-Amz-Signature=-&x=1"),
            (
                "/a?x-amz-credential=k%2F&X-AMZ-Security-Token=t",
                "/a?x-amz-credential=-&X-AMZ-Security-Token=-"
            ),
            ("/a?X%2DAmz-Signature=abc", "/a?X%2DAmz-Signature=-"),
            (
                "/a?AWSAccessKeyId=k&Signature=s&Expires=1",
                "/a?AWSAccessKeyId=-&Signature=-&Expires=1"
            ),
            ("/a?X-Amz-Signature", "/a?X-Amz-Signature"), ("/a", "/a"), ("/a?", "/a?"),
        ]
    )
    func redaction(_ target: String, _ shown: String) async throws {
        let access = Locked<[HTTPServerAccess]>([])
        var options = HTTPServerOptions()
        options.onRequest = { entry in access.withLock { $0.append(entry) } }
        let server = HTTPServer(handler: TestHandler { _ in .text(200, "four") }, options: options)
        let address = try await server.start()
        _ = try await RawClient.run(address) { client in
            try client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.readAnswer().status
        }
        await server.stop(within: .seconds(5))
        let entry = try #require(access.withLock { $0 }.first)
        #expect(entry.target == shown)
        #expect(entry.method == "GET" && entry.status == 200 && entry.isComplete)
        #expect(entry.sentByteCount == 4 && entry.remoteAddress == "127.0.0.1")
    }
}
