import BlobStorage
import BlobStorageServer
import Testing

@Suite struct ExpectTests {
    private static let put =
        "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n"

    @Test func aRefusedRequestIsNotToldToContinue() async throws {
        try await serving(TestHandler { _ in .text(403, "no") }) { address in
            let text = try await RawClient.run(address) { client in
                try client.send(Self.put)
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(text.hasPrefix("HTTP/1.1 403 "))
            #expect(!text.contains("100 Continue"))
            #expect(text.contains("Connection: close"))
            #expect(text.hasSuffix("\r\n\r\nno"))
        }
    }

    @Test func theClientIsToldToContinueWhenTheHandlerReads() async throws {
        let isAuthorized = Locked(false)
        try await serving(
            TestHandler { request in
                await Task.detached {}.value
                isAuthorized.withLock { $0 = true }
                let bytes = try? await request.body.collect(upTo: 100)
                return .text(200, String(decoding: bytes ?? [], as: UTF8.self))
            }
        ) { address in
            let (status, wasAuthorized, answer) = try await RawClient.run(address) { client in
                try client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
                )
                let status = try client.readHead().status
                let wasAuthorized = isAuthorized.withLock { $0 }
                try client.send("12345")
                return (status, wasAuthorized, try client.readAnswer())
            }
            #expect(status == 100)
            #expect(wasAuthorized)
            #expect(answer.text == "12345")
        }
    }

    @Test func aRefusedBodyIsNotReadToItsEnd() async throws {
        let access = Locked<[HTTPServerAccess]>([])
        var options = HTTPServerOptions()
        options.onRequest = { access1 in access.withLock { $0.append(access1) } }
        let server = HTTPServer(handler: TestHandler { _ in .text(403, "no") }, options: options)
        let address = try await server.start()
        // A client that sends on and on, and only then looks for the answer.
        let answer = try await RawClient.run(address) { client in
            try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\n\r\n")
            let piece = [UInt8](repeating: 1, count: 100_000)
            for _ in 0..<20 { try client.send(piece) }
            return try client.readAnswer()
        }
        await server.stop(within: .seconds(5))
        #expect(answer.status == 403)
        #expect(answer.text == "no")
        #expect(answer.fields("connection") == ["close"])
        let seen = try #require(access.withLock { $0 }.first)
        #expect(seen.status == 403)
        #expect(seen.receivedByteCount < 20_000_000)
    }

    @Test func aClientThatSendsOnForEverIsCutOff() async throws {
        try await serving(TestHandler { _ in .text(403, "no") }) { address in
            let sent = try await RawClient.run(address) { client in
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\n\r\n")
                let piece = [UInt8](repeating: 1, count: 1_000_000)
                for count in 0..<1_000 {
                    do { try client.send(piece) } catch { return count }
                }
                return 1_000
            }
            #expect(sent < 100)
        }
    }

    @Test func anAnswerInTheMiddleOfABodyArrives() async throws {
        try await serving(
            TestHandler { request in
                var iterator = request.body.makeAsyncIterator()
                _ = try? await iterator.next()
                return .text(400, "stop")
            }
        ) { address in
            for field in ["Content-Length: 10000000000", "Transfer-Encoding: chunked"] {
                let answer = try await RawClient.run(address) { client in
                    try client.send("PUT / HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n5000\r\n")
                    try client.send([UInt8](repeating: 1, count: 10_000))
                    return try client.readAnswer()
                }
                #expect(answer.status == 400)
                #expect(answer.text == "stop")
            }
        }
    }

    @Test(
        "an answer that is made as it goes is whole, though nobody read the request's body",
        arguments: ["Content-Length: 10000000000", "Transfer-Encoding: chunked"]
    )
    func streamedAnswer(_ field: String) async throws {
        let pieces = Pieces(count: 30, byteCount: 10_000)
        try await serving(
            TestHandler { _ in
                HTTPServerResponse(status: 200, body: BlobBody(pieces, byteCount: 300_000))
            }
        ) { address in
            let answer = try await RawClient.run(address) { client in
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.body == pieces.all)
            #expect(answer.fields("connection") == ["close"])
        }
    }

    @Test func anAnswerThatIsMadeInTheMiddleOfABodyIsWholeOrNone() async throws {
        let pieces = Pieces(count: 30, byteCount: 10_000)
        try await serving(
            TestHandler { request in
                var iterator = request.body.makeAsyncIterator()
                _ = try? await iterator.next()
                return HTTPServerResponse(status: 200, body: BlobBody(pieces, byteCount: 300_000))
            }
        ) { address in
            let (whole, none) = try await RawClient.run(address) { client in
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 2_000_000))
                let whole = try client.readAnswer().body
                try client.send(Self.put.replacing("Expect: 100-continue\r\n", with: ""))
                try client.send([UInt8](repeating: 1, count: 10_000))
                return (whole, try client.readToEnd())
            }
            #expect(whole == pieces.all)
            #expect(none == [])
        }
    }

    @Test("an answer to HEAD has no body, whatever the request has", arguments: ["", "/inside"])
    func answerToHead(_ target: String) async throws {
        try await serving(
            TestHandler { request in
                var iterator = request.body.makeAsyncIterator()
                if request.target == "/inside" { _ = try? await iterator.next() }
                return .text(403, "no")
            }
        ) { address in
            let (head, rest) = try await RawClient.run(address) { client in
                try client.send("HEAD \(target.isEmpty ? "/" : target) HTTP/1.1\r\nHost: h\r\n")
                try client.send("Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")
                return (try client.readHead(), try client.readToEnd())
            }
            #expect(head.status == 403)
            #expect(rest == [])
        }
    }

    @Test(
        "who reads the body after the answer gets an error instead of waiting for ever",
        arguments: [100, 1_000_000_000]
    )
    func lateReader(_ count: Int) async throws {
        try await serving(TestHandler { HTTPServerResponse(status: 200, body: $0.body) }) {
            address in
            let isClosed = try await RawClient.run(address) { client in
                try client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n"
                )
                try client.send([UInt8](repeating: 1, count: 100))
                return client.isClosed()
            }
            #expect(isClosed)
        }
    }

    @Test func aSmallBodyThatNobodyWantedKeepsTheConnection() async throws {
        try await serving(TestHandler { _ in .text(403, "no") }) { address in
            let statuses = try await RawClient.run(address) { client in
                let put = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n"
                return try (0..<3).map { _ in
                    try client.send(put)
                    try client.send([UInt8](repeating: 1, count: 50_000))
                    return try client.readAnswer().status
                }
            }
            #expect(statuses == [403, 403, 403])
        }
    }
}
