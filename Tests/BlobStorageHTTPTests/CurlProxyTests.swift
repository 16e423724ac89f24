import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@Suite struct CurlProxyTests {
    private func transport(_ proxy: RawServer) -> CurlTransport {
        var options = HTTPTransportOptions()
        options.proxy = .url("http://user:secret@127.0.0.1:\(proxy.port)")
        return CurlTransport(options)
    }

    @Test func aProxyGetsTheWholeURL() async throws {
        let proxy = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let url = HTTPURL(.http, host: "s3.invalid", path: "/a/../b//", query: "x=%2F")
        let answer = try await transport(proxy).exchange(HTTPRequest(.get, url))
        #expect(answer.body == Array("ok".utf8))
        let head = try #require(proxy.record.heads.withLock { $0.first })
        #expect(head.hasPrefix("GET http://s3.invalid/a/../b//?x=%2F HTTP/1.1\r\n"))
        #expect(head.field("host") == "s3.invalid")
        #expect(head.field("proxy-authorization") == "Basic dXNlcjpzZWNyZXQ=")
    }

    @Test func aTunnelGetsNoHeadersOfTheRequest() async throws {
        let proxy = try RawServer(answering: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        let error = try await failure(
            HTTPRequest(
                .get,
                HTTPURL(.https, host: "s3.invalid", path: "/secret", query: "secret"),
                headers: ["Authorization": "secret", "X-Amz-Security-Token": "secret"]
            ),
            on: transport(proxy)
        )
        #expect(error.kind == .connectFailed)
        #expect(!error.mayHaveArrived)
        #expect(!error.description.contains("secret"))
        let head = try #require(proxy.record.heads.withLock { $0.first })
        #expect(head.hasPrefix("CONNECT s3.invalid:443 HTTP/1.1\r\n"))
        #expect(!head.contains("secret"))
    }

    @Test func thePasswordIsNotShown() {
        let proxy = HTTPTransportOptions.Proxy.url("http://user:secret@proxy")
        var options = HTTPTransportOptions()
        options.proxy = proxy
        var text = "\(proxy) \(options)"
        dump(options, to: &text)
        #expect(!text.contains("secret"))
    }
}
