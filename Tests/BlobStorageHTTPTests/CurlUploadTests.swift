import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@Suite struct CurlUploadTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    /// A server that keeps the bodies it gets.
    private func keeper(_ bodies: Locked<[[UInt8]]>) throws -> RawServer {
        try RawServer { connection in
            while let head = try connection.readHead() {
                var body: [UInt8] = []
                if head.field("transfer-encoding") == "chunked" {
                    while true {
                        let line = try connection.read(through: "\r\n").dropLast(1)
                        let count = Int(line.prefix(while: \.isHexDigit), radix: 16) ?? 0
                        body += try connection.read(count)
                        _ = try connection.read(2)
                        if count == 0 { break }
                    }
                } else {
                    body = try connection.read(
                        head.field("content-length").flatMap { Int($0) } ?? 0
                    )
                }
                bodies.withLock { $0.append(body) }
                try connection.send(Self.ok)
            }
        }
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    }

    @Test(
        "sends bytes in memory",
        arguments: [
            0, 1, 65_535, 65_536, 65_537, 524_288, 524_289, 3_000_000,
        ]
    )
    func bytesInMemory(_ count: Int) async throws {
        let bodies = Locked<[[UInt8]]>([])
        let server = try keeper(bodies)
        let transport = CurlTransport()
        let body = bytes(count)
        for method in [HTTPMethod.put, .post, .put] {
            _ = try await transport.exchange(
                HTTPRequest(method, server.url(), body: BlobBody(body))
            )
        }
        #expect(bodies.withLock { $0 } == [body, body, body])
        #expect(server.record.heads.withLock { $0[0].field("content-length") } == "\(count)")
        #expect(server.record.connectionCount.withLock { $0 } == 1)
    }

    @Test("sends a stream", arguments: [true, false], [1, 7, 100_000, 700_000])
    func stream(isLengthKnown: Bool, chunkByteCount: Int) async throws {
        let bodies = Locked<[[UInt8]]>([])
        let server = try keeper(bodies)
        let chunk = bytes(chunkByteCount)
        let count = chunkByteCount < 100 ? 300 : 5
        let transport = CurlTransport()
        for method in [HTTPMethod.put, .post] {
            let body = BlobBody(
                Chunks.repeating(chunk, count: count),
                byteCount: isLengthKnown ? Int64(chunk.count * count) : nil
            )
            _ = try await transport.exchange(HTTPRequest(method, server.url(), body: body))
        }
        let expected = Array(repeatElement(chunk, count: count).joined())
        #expect(bodies.withLock { $0 } == [expected, expected])
        let head = server.record.heads.withLock { $0[0] }
        #expect(head.field("transfer-encoding") == (isLengthKnown ? nil : "chunked"))
        #expect(head.field("expect") == nil)
    }

    @Test("a stream without bytes", arguments: [Int64(0), nil])
    func emptyStream(_ byteCount: Int64?) async throws {
        let bodies = Locked<[[UInt8]]>([])
        let server = try keeper(bodies)
        let body = BlobBody(Chunks { _ in nil }, byteCount: byteCount)
        _ = try await CurlTransport().exchange(HTTPRequest(.put, server.url(), body: body))
        #expect(bodies.withLock { $0 } == [[]])
    }

    @Test("a body that is not as long as it said", arguments: [-1, 1])
    func wrongLength(_ difference: Int64) async throws {
        let bodies = Locked<[[UInt8]]>([])
        let server = try keeper(bodies)
        let body = BlobBody(
            Chunks.repeating([1, 2, 3], count: 5),
            byteCount: 15 + difference
        )
        let error = try await failure(HTTPRequest(.put, server.url(), body: body))
        #expect(error.kind == .invalidRequest)
        #expect(error.mayHaveArrived)
        #expect(bodies.withLock { $0 } == [])
    }

    @Test("an error of the body is thrown as it is", arguments: [0, 3])
    func bodyFailure(_ index: Int) async throws {
        let hasBegun = Latch<Void>()
        let wasClosed = Latch<Bool>()
        let server = try RawServer { connection in
            _ = try connection.readHead()
            hasBegun.set()
            wasClosed.set(connection.isClosedByClient())
        }
        let body = BlobBody(
            Chunks {
                guard $0 == index else { return [1, 2] }
                await hasBegun.value
                throw BodyFailure()
            }
        )
        let transport = CurlTransport()
        await #expect(throws: BodyFailure()) {
            try await transport.send(HTTPRequest(.put, server.url(), body: body))
        }
        #expect(await wasClosed.value)
    }

    @Test("an early refusal arrives whole, and ends the sending", arguments: [true, false])
    func earlyRefusal(isInMemory: Bool) async throws {
        let refusal = String(repeating: "denied ", count: 10_000)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            _ = try connection.read(100_000)
            try connection.send(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: \(refusal.utf8.count)\r\n\r\n\(refusal)"
            )
            _ = connection.isClosedByClient()
        }
        let taken = Locked(0)
        let chunk = [UInt8](repeating: 7, count: 256 << 10)
        let gibibyte: Int64 = 1 << 30
        let stream = BlobBody(
            Chunks { _ in
                taken.withLock { $0 += 1 }
                return chunk
            },
            byteCount: gibibyte
        )
        let body = isInMemory ? BlobBody([UInt8](repeating: 7, count: 64 << 20)) : stream
        let answer = try await CurlTransport().exchange(HTTPRequest(.put, server.url(), body: body))
        #expect(answer.status == 403)
        #expect(answer.body == Array(refusal.utf8))
        #expect(taken.withLock { $0 } < 100)
    }

    /// How the answer of a server that closes the connection ends, after its last bytes.
    enum LateEnd: String, CaseIterable {
        case ofConnection = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nno"
        case ofOldConnection = "HTTP/1.0 403 Forbidden\r\n\r\nno"
        case ofChunks = """
            HTTP/1.1 403 Forbidden\r
            Connection: close\r
            Transfer-Encoding: chunked\r
            \r
            2\r
            no\r

            """
    }

    @Test("the end of an early refusal comes by itself", arguments: LateEnd.allCases)
    func lateEnd(_ end: LateEnd) async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            _ = try connection.read(100_000)
            try connection.send(end.rawValue)
            // What came in one turn of the loop would hide that nothing tells of the end.
            _ = connection.isClosedByClient(after: 300)
            if end == .ofChunks {
                try connection.send("0\r\n\r\n")
            } else {
                connection.endSending()
            }
            _ = connection.isClosedByClient()
        }
        let chunk = [UInt8](repeating: 7, count: 256 << 10)
        let body = BlobBody(Chunks { _ in chunk }, byteCount: 1 << 40)
        var request = HTTPRequest(.put, server.url(), body: body)
        request.timeouts.total = .seconds(50)
        let answer = try await CurlTransport().exchange(request)
        #expect(answer.status == 403)
        #expect(answer.body == Array("no".utf8))
    }

    @Test func anEarlyRefusalDoesNotWaitForTheBody() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            _ = connection.isClosedByClient()
        }
        let never = AsyncStream<[UInt8]> { _ in }
        let response = try await CurlTransport().send(
            HTTPRequest(
                .put,
                server.url(),
                body: BlobBody(
                    Chunks { _ in
                        for await chunk in never { return chunk }
                        throw CancellationError()
                    }
                )
            )
        )
        #expect(response.status == 403)
        #expect(try await response.body.collect(upTo: 9) == Array("no".utf8))
    }

    @Test func theBodyIsReadNoFasterThanItIsSent() async throws {
        let taken = Locked(0)
        let takenUntilStuck = Latch<Int>()
        let server = try RawServer { connection in
            _ = try connection.readHead()
            var before = -1
            // Until nothing more was taken in a while: the other end waits.
            while taken.withLock({ $0 }) != before {
                before = taken.withLock { $0 }
                _ = connection.hasInput(after: 300)
            }
            takenUntilStuck.set(before)
            while try connection.readSome() {}
        }
        let chunk = [UInt8](repeating: 7, count: 64 << 10)
        let body = BlobBody(
            Chunks { _ in
                taken.withLock { $0 += 1 }
                return chunk
            },
            byteCount: 1 << 40
        )
        let task = Task {
            try await CurlTransport().send(HTTPRequest(.put, server.url(), body: body))
        }
        // What the system, libcurl and the queue hold: some MiB, not the body.
        #expect(await takenUntilStuck.value < 256)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("waits for 100 Continue when asked", arguments: [0, 100_000])
    func expectContinue(_ count: Int) async throws {
        let cameEarly = Locked(true)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            cameEarly.withLock { $0 = connection.hasInput(after: 100) }
            try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
            _ = try connection.read(count)
            try connection.send(Self.ok)
        }
        // The client waits for a second, which may be over before a busy machine lets the server
        // look: one that never waits is early each time.
        for _ in 0..<5 where cameEarly.withLock({ $0 }) {
            let body = BlobBody(bytes(count))
            let answer = try await CurlTransport().exchange(
                HTTPRequest(.put, server.url(), body: body, expectsContinue: true)
            )
            #expect(answer.status == 200)
        }
        #expect(!cameEarly.withLock { $0 })
        #expect(server.record.heads.withLock { $0[0].field("expect") } == "100-continue")
    }

    @Test func aServerThatNeverSaysContinueGetsTheBody() async throws {
        let server = try RawServer { connection in
            let request = try connection.readRequest()
            try connection.send(request?.body == [1, 2, 3] ? Self.ok : "")
        }
        let answer = try await CurlTransport().exchange(
            HTTPRequest(.put, server.url(), body: BlobBody([1, 2, 3]), expectsContinue: true)
        )
        #expect(answer.status == 200)
    }

    @Test("a refusal in place of 100 Continue", arguments: [403, 417])
    func refusedExpectation(_ status: Int) async throws {
        let sent = Locked(true)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno")
            let hasMore = try connection.hasInput(after: 500) && connection.readSome()
            sent.withLock { $0 = hasMore }
        }
        var count = 0
        // As above: the server may be too late.
        while sent.withLock({ $0 }), count < 5 {
            count += 1
            let response = try await CurlTransport().send(
                HTTPRequest(
                    .put,
                    server.url(),
                    body: BlobBody(bytes(100_000)),
                    expectsContinue: true
                )
            )
            #expect(response.status == status)
            #expect(try await server.record.hasNoConnection)
        }
        #expect(server.record.heads.withLock { $0.count } == count)
        #expect(!sent.withLock { $0 })
    }
}
