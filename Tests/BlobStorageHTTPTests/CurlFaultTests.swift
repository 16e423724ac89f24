import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// What a server can do wrong.
@Suite struct CurlFaultTests {
    @Test(
        "a body that is cut",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
        ]
    )
    func cutBody(_ answer: String) async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send(answer)
        }
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        let found = Locked<[UInt8]>([])
        let error = try await #require(throws: HTTPError.self) {
            for try await chunk in response.body { found.withLock { $0 += chunk } }
        }
        #expect(error.kind == .connectionLost)
        #expect(error.mayHaveArrived)
        #expect(found.withLock { $0 } == Array((answer.contains("hello") ? "hello" : "").utf8))
    }

    @Test(
        "an answer that is none",
        arguments: [
            ("", HTTPError.Kind.connectionLost),
            ("HTTP/1.1 200 OK\r\nX: y", .connectionLost),
            ("SSH-2.0-OpenSSH_9.2\r\n", .badAnswer),
            ("hello\r\n\r\n", .badAnswer),
            ("HTTP/1.1 abc\r\n\r\n", .badAnswer),
            ("HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 0\r\n\r\n", .badAnswer),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .badAnswer),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", .badAnswer),
            ("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", .badAnswer),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello", .badAnswer),
            ("HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 70_000))\r\n\r\n", .badAnswer),
            (
                "HTTP/1.1 200 OK\r\n" + String(repeating: "X: a\r\n", count: 257)
                    + "Content-Length: 0\r\n\r\n", .badAnswer
            ),
            (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3_000), .badAnswer),
        ]
    )
    func badAnswer(_ answer: String, _ kind: HTTPError.Kind) async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send(answer)
        }
        let error = try await failure(
            HTTPRequest(.put, server.url(query: "secret"), body: BlobBody([1]))
        )
        #expect(error.kind == kind)
        #expect(error.mayHaveArrived)
        #expect(!error.description.contains("secret"))
    }

    @Test func aRefusedConnection() async throws {
        let url = HTTPURL(.http, host: "127.0.0.1", port: try RawServer.freePort())
        let error = try await failure(HTTPRequest(.put, url, body: BlobBody([1])))
        #expect(error.kind == .connectFailed)
        #expect(!error.mayHaveArrived)
    }

    @Test func anUnknownName() async throws {
        // RFC 6761 §6.4: `invalid` is never a name.
        let error = try await failure(HTTPRequest(.get, HTTPURL(.http, host: "nowhere.invalid")))
        #expect(error.kind == .connectFailed)
        #expect(!error.mayHaveArrived)
    }

    @Test(
        "silence is timed out",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"]
    )
    func idle(_ answer: String) async throws {
        let wasClosed = Latch<Bool>()
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send(answer)
            wasClosed.set(connection.isClosedByClient())
        }
        let timeouts = HTTPTimeouts(idle: .milliseconds(200))
        let error = try await failure(HTTPRequest(.get, server.url(), timeouts: timeouts))
        #expect(error.kind == .timedOut)
        #expect(error.mayHaveArrived)
        #expect(await wasClosed.value)
    }

    @Test func aSlowAnswerIsNotIdle() async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<10 {
                // A sixth of the time that the client waits, and all of it together longer.
                _ = connection.isClosedByClient(after: 500)
                try connection.send("a")
            }
        }
        let timeouts = HTTPTimeouts(idle: .seconds(3))
        let answer = try await CurlTransport().exchange(
            HTTPRequest(.get, server.url(), timeouts: timeouts)
        )
        #expect(answer.body.count == 10)
    }

    @Test("the whole time is limited", arguments: [1, 64])
    func total(connectionsPerHost: Int) async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            _ = connection.isClosedByClient()
        }
        var options = HTTPTransportOptions()
        options.connectionsPerHost = connectionsPerHost
        let transport = CurlTransport(options)
        let timeouts = HTTPTimeouts(total: .milliseconds(200))
        // With one connection the second waits for it until its time is over.
        async let first = failure(
            HTTPRequest(.get, server.url(), timeouts: timeouts),
            on: transport
        )
        async let second = failure(
            HTTPRequest(.get, server.url(), timeouts: timeouts),
            on: transport
        )
        #expect(try await [first.kind, second.kind] == [.timedOut, .timedOut])
    }

    @Test func aConnectionThatIsNotTakenUp() async throws {
        // TEST-NET-1 (RFC 5737) answers nobody; where it is unreachable, that is told at once.
        let timeouts = HTTPTimeouts(connect: .milliseconds(100))
        let error = try await failure(
            HTTPRequest(.get, HTTPURL(.http, host: "192.0.2.1"), timeouts: timeouts)
        )
        #expect([.timedOut, .connectFailed].contains(error.kind))
        #expect(!error.mayHaveArrived)
    }

    @Test(
        "a pooled connection that dies without an answer",
        arguments: [
            (HTTPMethod.get, true), (.head, true), (.put, false), (.post, false), (.delete, false),
        ]
    )
    func deadPooledConnection(_ method: HTTPMethod, _ isRepeated: Bool) async throws {
        let server = try RawServer { connection in
            let isFirst = try connection.readRequest()?.head.contains("/first") == true
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            // The request arrives, and may be done, but the answer is lost.
            if isFirst, try connection.readRequest() != nil { connection.reset() }
        }
        let transport = CurlTransport()
        _ = try await transport.exchange(HTTPRequest(.get, server.url("/first")))
        let body = [.put, .post].contains(method) ? BlobBody([1, 2, 3]) : nil
        let request = HTTPRequest(method, server.url("/second"), body: body)
        if isRepeated {
            #expect(try await transport.exchange(request).status == 200)
        } else {
            let error = try await failure(request, on: transport)
            #expect(error.kind == .connectionLost)
            #expect(error.mayHaveArrived)
        }
        let count = server.record.heads.withLock { $0.count }
        #expect(count == (isRepeated ? 3 : 2))
    }

    @Test func aRepeatedRequestWhoseAnswerIsCutFails() async throws {
        let server = try RawServer { connection in
            let isFirst = try connection.readRequest()?.head.contains("/first") == true
            guard isFirst else {
                return try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut")
            }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            if try connection.readRequest() != nil { connection.reset() }
        }
        let transport = CurlTransport()
        _ = try await transport.exchange(HTTPRequest(.get, server.url("/first")))
        let error = try await failure(HTTPRequest(.get, server.url("/second")), on: transport)
        #expect(error.kind == .connectionLost)
        #expect(server.record.heads.withLock { $0.count } == 3)
    }

    @Test func aPooledConnectionThatWasClosedIsReplaced() async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let transport = CurlTransport()
        for _ in 0..<10 {
            let request = HTTPRequest(.put, server.url(), body: BlobBody([1]))
            #expect(try await transport.exchange(request).status == 200)
            while server.record.openCount.withLock({ $0 }) > 0 { await Task.yield() }
        }
    }

    @Test func aClosedTransport() async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let transport = CurlTransport()
        _ = try await transport.exchange(HTTPRequest(.get, server.url()))
        transport.close()
        let error = try await failure(HTTPRequest(.get, server.url()), on: transport)
        #expect(error.kind == .closed)
        #expect(!error.mayHaveArrived)
    }
}
