import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

/// What is refused before a socket is opened.
@Suite struct CurlRefusalTests {
    /// Sends a request to a server that would notice, and gives the error.
    private func refusal(_ change: (inout HTTPRequest) -> Void) async throws -> HTTPError {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        var request = HTTPRequest(.put, server.url("/secret", query: "sig=secret"))
        change(&request)
        let error = try await failure(request)
        #expect(server.record.connectionCount.withLock { $0 } == 0)
        #expect(!error.mayHaveArrived)
        #expect(!error.description.contains("secret"))
        return error
    }

    static let controls = ["\r\nX: y", "\n", "\r", "\0", "\u{1}", "\u{1F}", "\u{7F}"]

    @Test("a control character in a header", arguments: controls)
    func controlInHeader(_ text: String) async throws {
        for (name, value) in [("X-A", "secret\(text)"), ("X-A\(text)", "a"), ("X-A", "\(text)a")] {
            let error = try await refusal { $0.headers.append(name, value) }
            #expect(error.kind == .invalidRequest)
        }
    }

    @Test("a control character in the URL", arguments: controls + [" ", "#", "é", "\t"])
    func controlInURL(_ text: String) async throws {
        #expect(try await refusal { $0.url.host += text }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.path += text }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.query = text }.kind == .invalidRequest)
    }

    @Test("a name that is no token", arguments: ["", "a b", "a:b", "a\"", "é", "(a)", "a;"])
    func headerName(_ name: String) async throws {
        #expect(try await refusal { $0.headers.append(name, "v") }.kind == .invalidRequest)
    }

    @Test(
        "a host that is none",
        arguments: [
            "", "user@host", "user:secret@host", "host/path", "host?x", "host:80", "[::1", "::1",
            "[]",
            "[::1]@b", "a%20b", "[fe80::1%25eth0]", "a\\b", String(repeating: "a", count: 255),
        ]
    )
    func host(_ host: String) async throws {
        #expect(try await refusal { $0.url.host = host }.kind == .invalidRequest)
    }

    @Test("a path, a port or a field that contradicts the rest")
    func contradictions() async throws {
        #expect(try await refusal { $0.url.path = "" }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.path = "a" }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.path = "/a?b" }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.port = 0 }.kind == .invalidRequest)
        #expect(try await refusal { $0.url.port = 65_536 }.kind == .invalidRequest)
        for (name, value) in [
            ("Host", "other"), ("content-length", "1"), ("Transfer-Encoding", "chunked"),
            ("EXPECT", "100-continue"),
        ] {
            #expect(try await refusal { $0.headers.append(name, value) }.kind == .invalidRequest)
        }
        let error = try await refusal {
            $0.method = .get
            $0.body = BlobBody([1])
        }
        #expect(error.kind == .invalidRequest)
        #expect(try await refusal { $0.timeouts.idle = .zero }.kind == .invalidRequest)
    }
}
