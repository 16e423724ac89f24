import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Glibc
import Testing

/// How an answer's body is read, or not.
@Suite struct CurlBodyTests {
    /// A server that sends a body without end, and tells when its client is gone.
    private func endless(
        _ isGone: Latch<Bool>,
        head: String = "HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n"
    ) throws -> RawServer {
        try RawServer { connection in
            _ = try connection.readHead()
            try connection.send(head)
            let piece = [UInt8](repeating: 1, count: 64 << 10)
            do {
                while true { try connection.send(piece) }
            } catch {
                isGone.set([ECONNRESET, EPIPE].contains((error as? SystemError)?.code))
            }
        }
    }

    @Test func aLongBodyArrivesInOrderInLargeChunks() async throws {
        let bytes = (0..<50_000).flatMap { withUnsafeBytes(of: UInt32($0 * 7)) { Array($0) } }
        let expected = Array(repeatElement(bytes, count: 32).joined())
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(expected.count)\r\n\r\n")
            try connection.send(expected)
        }
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        var found: [UInt8] = []
        for try await chunk in response.body {
            #expect(chunk.count <= 512 << 10)
            found += chunk
        }
        #expect(found == expected)
    }

    @Test func bytesArriveAsTheyCome() async throws {
        let gate = Gate(count: 3)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n")
            for index in 0..<3 {
                gate.pass(index)
                try connection.send("\(index)")
            }
        }
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        var iterator = response.body.makeAsyncIterator()
        for index in 0..<3 {
            gate.open(index)
            #expect(try await iterator.next() == Array("\(index)".utf8))
        }
        #expect(try await iterator.next() == nil)
    }

    @Test func aSlowReaderMakesTheServerWait() async throws {
        let sentByteCount = Latch<Int>()
        let server = try RawServer { connection in
            connection.setSendBuffer(64 << 10)
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n")
            let piece = [UInt8](repeating: 1, count: 64 << 10)
            var sent = 0
            // Far more than the client and the system may hold, or until there is no room.
            while sent < 256 << 20, connection.hasRoom(within: 500) {
                sent += try connection.sendNow(piece)
            }
            sentByteCount.set(sent)
            _ = connection.isClosedByClient()
        }
        var options = HTTPTransportOptions()
        options.waitingByteCount = 1 << 20
        // The reader's own slowness is no idleness of the server's. The server waits for room for
        // 500 ms, which is longer.
        let request = HTTPRequest(
            .get,
            server.url(),
            timeouts: HTTPTimeouts(idle: .milliseconds(200))
        )
        var response = try? await CurlTransport(options).send(request)
        // On a busy machine the head may be late.
        for _ in 0..<20 where response == nil {
            response = try? await CurlTransport(options).send(request)
        }
        let body = try #require(response).body
        #expect(await sentByteCount.value < 32 << 20)
        var iterator = body.makeAsyncIterator()
        for _ in 0..<3 { #expect(try await iterator.next()?.isEmpty == false) }
    }

    @Test func leavingTheLoopEndsTheTransfer() async throws {
        let isGone = Latch<Bool>()
        let server = try endless(isGone)
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        for try await chunk in response.body {
            #expect(!chunk.isEmpty)
            break
        }
        #expect(await isGone.value)
        // The response lives on, and its body was read.
        #expect(response.status == 200)
    }

    @Test(
        "a body that is dropped unread ends the transfer",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
        ]
    )
    func droppedBody(_ head: String) async throws {
        let isGone = Latch<Bool>()
        let server = try endless(isGone, head: head)
        let transport = CurlTransport()
        let status = try await transport.send(HTTPRequest(.get, server.url())).status
        #expect(status == 200)
        #expect(await isGone.value)
    }

    @Test func aTransportMayGoWhileItsBodyIsRead() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n")
            try connection.send([UInt8](repeating: 1, count: 10_000_000))
        }
        let response: HTTPResponse
        do {
            let transport = CurlTransport()
            response = try await transport.send(HTTPRequest(.get, server.url()))
            transport.close()
        }
        #expect(try await response.body.collect(upTo: 10_000_000).count == 10_000_000)
    }
}
