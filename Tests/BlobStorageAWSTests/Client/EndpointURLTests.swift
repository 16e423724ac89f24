import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import Testing

@Suite struct EndpointURLTests {
    @Test(
        "reads an address",
        arguments: [
            ("http://a", HTTPURL(.http, host: "a")),
            ("https://a.b-c:9000/", HTTPURL(.https, host: "a.b-c", port: 9_000)),
            ("HTTP://A/x/y", HTTPURL(.http, host: "a", path: "/x/y")),
            ("http://a?b=c", HTTPURL(.http, host: "a", query: "b=c")),
            ("http://a/b?c?d/e", HTTPURL(.http, host: "a", path: "/b", query: "c?d/e")),
            ("http://[::1]:80/", HTTPURL(.http, host: "[::1]", port: 80)),
            ("http://127.0.0.1:65535", HTTPURL(.http, host: "127.0.0.1", port: 65_535)),
        ]
    )
    func good(_ text: String, _ url: HTTPURL) throws {
        #expect(try EndpointURL.parse(text, from: "it") == url)
    }

    @Test(
        "refuses others",
        arguments: [
            "", "a", "a:9000", "file:///etc/passwd", "ftp://a", "http:/a", "http://", "http:///x",
            "http://user@a", "http://user:5ec7e7@a", "http://a b", "http://a\n", "http://a#f",
            "http://a:0", "http://a:65536", "http://a:", "http://a:x", "http://[::1", "http://[]",
            "http://[::1]x", "http://é", "http://a\\b", "http://a/\u{0}", "http://a%2fb",
            "http://a" + String(repeating: "/x", count: 1_024),
        ]
    )
    func bad(_ text: String) throws {
        let error = try #require(throws: BlobError.self) {
            try EndpointURL.parse(text, from: "the endpoint")
        }
        #expect(error.kind == .invalidArgument)
        #expect(!"\(error)".contains("5ec7e7"))
    }
}
