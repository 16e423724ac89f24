import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// What is left when nobody wants an answer any more: nothing.
@Suite struct CurlCancellationTests {
    /// How long a server waits, in silence, to see its client go.
    ///
    /// The client has 100 ms, and the machine that runs the tests may be busy; a client that was not
    /// cancelled waits for 30 s.
    private static let patience = 20_000

    @Test(
        "before the head, during the upload, during the body",
        arguments: ["head", "upload", "body"]
    )
    func cancel(_ stage: String) async throws {
        let isThere = Latch<Void>()
        let isGone = Latch<Bool>()
        let server = try RawServer { connection in
            _ = try connection.readHead()
            if stage == "upload" { _ = try connection.read(1) }
            if stage == "body" {
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            } else {
                isThere.set()
            }
            isGone.set(connection.isClosedByClient(after: Self.patience))
        }
        let transport = CurlTransport()
        let task = Task {
            let body =
                stage == "upload"
                ? BlobBody(Chunks { $0 == 0 ? [1] : try await Self.never() }) : nil
            let request = HTTPRequest(.put, server.url(), body: body)
            for try await _ in try await transport.send(request).body { isThere.set() }
        }
        await isThere.value
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await isGone.value)
        // The transport is as good as before.
        let other = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(try await transport.exchange(HTTPRequest(.get, other.url())).status == 200)
    }

    private static func never() async throws -> [UInt8]? {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        for await chunk in stream { return chunk }
        continuation.finish()
        throw CancellationError()
    }

    @Test func aTaskThatWasCancelledBeforeSendsNothing() async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let mayBegin = Latch<Void>()
        let task = Task {
            await mayBegin.value
            _ = try await CurlTransport().send(HTTPRequest(.put, server.url()))
        }
        task.cancel()
        mayBegin.set()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.record.connectionCount.withLock { $0 } == 0)
    }

    @Test func oneThatWaitsForAConnectionGivesUpItsPlace() async throws {
        let isThere = Latch<Void>()
        let mayAnswer = Gate(count: 1)
        let server = try RawServer { connection in
            while let request = try connection.readRequest() {
                if request.head.contains("/first") {
                    isThere.set()
                    mayAnswer.pass(0)
                }
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        var options = HTTPTransportOptions()
        options.connectionsPerHost = 1
        let transport = CurlTransport(options)
        let first = Task { try await transport.exchange(HTTPRequest(.get, server.url("/first"))) }
        await isThere.value
        let tasks = (0..<10).map { index in
            Task { try await transport.exchange(HTTPRequest(.get, server.url("/\(index)"))) }
        }
        for task in tasks.dropLast() { task.cancel() }
        for task in tasks.dropLast() {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        mayAnswer.open(0)
        #expect(try await first.value.status == 200)
        #expect(try await tasks[9].value.status == 200)
        #expect(server.record.heads.withLock { $0.count } == 2)
        #expect(server.record.connectionCount.withLock { $0 } == 1)
    }

    @Test func manyCancelledAtRandomMomentsLeaveNoConnection() async throws {
        let server = try RawServer { connection in
            let piece = [UInt8](repeating: 1, count: 100_000)
            while try connection.readRequest() != nil {
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n")
                for _ in 0..<30 { try connection.send(piece) }
            }
        }
        let transport = CurlTransport()
        for round in 0..<100 {
            let tasks = (0..<4).map { _ in
                Task {
                    var count = 0
                    for try await chunk in try await transport.send(
                        HTTPRequest(.get, server.url())
                    ).body { count += chunk.count }
                    #expect(count == 3_000_000)
                }
            }
            // From none of the requests to all of them, and some of their answers.
            let count = server.record.heads.withLock { $0.count } + round % 5
            for _ in 0..<10_000 where server.record.heads.withLock({ $0.count }) < count {
                await Task.yield()
            }
            for task in tasks { task.cancel() }
            for task in tasks { _ = await task.result }
        }
        transport.close()
        #expect(try await server.record.hasNoConnection)
    }
}
