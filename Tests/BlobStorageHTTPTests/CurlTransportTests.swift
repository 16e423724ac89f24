import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@Suite struct CurlTransportTests {
    @Test func getBringsStatusHeadersAndBody() async throws {
        let server = try RawServer(
            answering: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Empty:\r\nX-Two:  a b \r\n\r\n"
                + "hello"
        )
        let response = try await CurlTransport().send(
            HTTPRequest(.get, server.url("/a", query: "b=c"), headers: ["X-Name": "value"])
        )
        #expect(response.status == 200)
        #expect(response.headers["x-empty"] == "")
        #expect(response.headers["x-two"] == "a b")
        #expect(response.body.byteCount == 5)
        #expect(try await response.body.collect(upTo: 9) == Array("hello".utf8))
        let head = try #require(server.record.heads.withLock { $0.first })
        #expect(
            head.split(separator: "\r\n").sorted()
                == ["GET /a?b=c HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "X-Name: value"]
        )
    }

    @Test(
        "sends the line and the fields that the method asks for",
        arguments: [
            (HTTPMethod.get, String?.none, [String]()),
            (.head, nil, []),
            (.delete, nil, []),
            (.put, nil, ["Content-Length: 0"]),
            (.post, nil, ["Content-Length: 0"]),
            (.put, "", ["Content-Length: 0"]),
            (.put, "four", ["Content-Length: 4"]),
            (.post, "four", ["Content-Length: 4"]),
            (.delete, "four", ["Content-Length: 4"]),
        ]
    )
    func methods(_ method: HTTPMethod, _ body: String?, _ fields: [String]) async throws {
        let bodies = Locked<[[UInt8]]>([])
        let server = try RawServer { connection in
            while let request = try connection.readRequest() {
                bodies.withLock { $0.append(request.body) }
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let transport = CurlTransport()
        // Twice, so that a handle that was used before sends the same; another method is between.
        for other in [HTTPMethod.put, .head] {
            let body = body.map { BlobBody(Array($0.utf8)) }
            _ = try await transport.exchange(HTTPRequest(method, server.url(), body: body))
            _ = try await transport.exchange(HTTPRequest(other, server.url()))
        }
        let heads = server.record.heads.withLock { $0 }
        #expect(heads.count == 4)
        for index in [0, 2] {
            #expect(
                heads[index].split(separator: "\r\n").map(String.init).sorted()
                    == (["\(method.rawValue) / HTTP/1.1", "Host: 127.0.0.1:\(server.port)"] + fields)
                    .sorted()
            )
            #expect(bodies.withLock { $0[index] } == Array((body ?? "").utf8))
        }
        #expect(server.record.connectionCount.withLock { $0 } == 1)
    }

    @Test func headHasAnEmptyBody() async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
        let transport = CurlTransport()
        for _ in 0..<2 {
            let response = try await transport.send(HTTPRequest(.head, server.url()))
            #expect(response.headers["content-length"] == "12345")
            #expect(try await response.body.collect(upTo: 1) == [])
        }
        #expect(server.record.connectionCount.withLock { $0 } == 1)
    }

    @Test(
        "reads a body that ends",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Length: 11\r\n\r\nhello world",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n"
                + "5;x=y\r\nworld\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n"
                + "0\r\nX-Trailer: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world",
            "HTTP/1.0 200 OK\r\n\r\nhello world",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 11\r\n\r\nhello world",
        ]
    )
    func bodies(_ answer: String) async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send(answer)
        }
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        #expect(response.status == 200)
        #expect(response.headers["link"] == nil)
        #expect(try await response.body.collect(upTo: 99) == Array("hello world".utf8))
    }

    @Test func aFoldedFieldIsOneLine() async throws {
        let server = try RawServer(
            answering: "HTTP/1.1 204 No Content\r\nX-Long: a\r\n\t b\r\nX-Next: c\r\n\r\n"
        )
        let response = try await CurlTransport().send(HTTPRequest(.delete, server.url()))
        #expect(response.status == 204)
        #expect(response.headers["x-long"] == "a b")
        #expect(response.headers["x-next"] == "c")
    }

    @Test func aFieldThatIsNoUTF8LosesNoByte() async throws {
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send(
                Array("HTTP/1.1 200 OK\r\nX-A: ".utf8) + [0xE9] + Array("\r\nX-B: é\r\n".utf8)
                    + Array("Content-Length: 0\r\n\r\n".utf8)
            )
        }
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url()))
        #expect(response.headers["x-a"] == "\u{E9}")
        #expect(response.headers["x-b"] == "é")
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try RawServer(
            answering: "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nno"
        )
        let response = try await CurlTransport().send(HTTPRequest(.get, server.url("/here")))
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/elsewhere")
        #expect(try await response.body.collect(upTo: 9) == Array("no".utf8))
        #expect(server.record.heads.withLock { $0.count } == 1)
    }

    @Test(
        "sends path and query as they are",
        arguments: [
            ("/a/../b", nil), ("//", nil), ("/a//b/./c/..", "x=%2F..&y=/../"),
            ("/%2e%2E/%00%0D", nil),
            ("/a", ""), ("/a+b;c=d,e'f(g)*h!i@j:k&l$m", "a=b?c"),
            ("/[]{}|\\^`\"<>", "[]{}|\\^`\"<>"),
        ] as [(String, String?)]
    )
    func pathAsIs(_ path: String, _ query: String?) async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        _ = try await CurlTransport().exchange(HTTPRequest(.get, server.url(path, query: query)))
        let line = server.record.heads.withLock { $0.first?.split(separator: "\r\n").first }
        #expect(line == "GET \(query.map { "\(path)?\($0)" } ?? path) HTTP/1.1")
    }

    @Test func headersAreSentAsGiven() async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let fields = [
            ("x-amz-meta-empty", ""), ("x-amz-meta-blank", "  "), ("Accept", "text/plain"),
            ("User-Agent", "test/1"), ("Content-Type", ""), ("Cookie", "a=b"),
            ("x-amz-meta-é".filter(\.isASCII), "naïve \t ü"), ("Authorization", "AWS4 abc"),
        ]
        var headers = HTTPHeaders(fields.map { HTTPHeaders.Field($0, $1) })
        headers.append("Host", server.url().authority)
        _ = try await CurlTransport().exchange(
            HTTPRequest(.put, server.url(), headers: headers, body: BlobBody([1, 2]))
        )
        let head = try #require(server.record.heads.withLock { $0.first })
        #expect(
            head.split(separator: "\r\n").dropFirst().map(String.init).sorted()
                == [
                    "Accept: text/plain", "Authorization: AWS4 abc", "Content-Length: 2",
                    "Content-Type:", "Cookie: a=b", "Host: 127.0.0.1:\(server.port)",
                    "User-Agent: test/1", "x-amz-meta-: naïve \t ü", "x-amz-meta-blank:",
                    "x-amz-meta-empty:",
                ]
        )
    }

    @Test func connectionsAreUsedAgain() async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        let transport = CurlTransport()
        for _ in 0..<20 {
            #expect(try await transport.exchange(HTTPRequest(.get, server.url())).body.count == 3)
        }
        #expect(server.record.connectionCount.withLock { $0 } == 1)
    }

    @Test func manyRequestsAtOnceKeepToTheirConnections() async throws {
        let server = try RawServer { connection in
            while let request = try connection.readRequest() {
                let text = request.head.split(separator: " ")[1]
                let head = "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
                try connection.send(head + text)
            }
        }
        var options = HTTPTransportOptions()
        options.connectionsPerHost = 8
        let transport = CurlTransport(options)
        let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for index in 0..<1_000 {
                if index >= 32 { _ = try await group.next() }
                group.addTask {
                    let request = HTTPRequest(.get, server.url("/\(index)"))
                    return (index, try await transport.exchange(request).body)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.1 == Array("/\($0.0)".utf8) })
        #expect(server.record.heads.withLock { Set($0).count } == 1_000)
        #expect(server.record.connectionCount.withLock { $0 } <= 8)
    }
}
