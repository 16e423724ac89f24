import BlobStorage
import BlobStorageHTTP
import BlobStorageS3
import Testing

@Suite struct S3EndpointURLTests {
    @Test(
        "reads scheme, host, port and base path",
        arguments: [
            ("https://s3.example.com", "https", "s3.example.com", nil, "", false),
            ("HTTP://S3.Example.com:9000/", "http", "s3.example.com", 9_000, "", false),
            ("http://127.0.0.1:9000/a/b//", "http", "127.0.0.1", 9_000, "/a/b", true),
            ("http://[fe80::1]:80/x%20y", "http", "[fe80::1]", 80, "/x%20y", true),
            ("http://my_minio:9000", "http", "my_minio", 9_000, "", false),
        ] as [(String, String, String, Int?, String, Bool)]
    )
    func legal(
        text: String,
        scheme: String,
        host: String,
        port: Int?,
        path: String,
        isAddress: Bool
    ) throws {
        let url = try S3EndpointURL(text)
        #expect(url.scheme.rawValue == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.isAddress == isAddress)
    }

    @Test(
        "refuses what is no endpoint, and says what is wrong",
        arguments: [
            ("file:///etc/passwd", "https://"), ("ftp://host", "https://"), ("", "https://"),
            ("s3.example.com", "https://"), ("//host", "https://"), ("https:/host", "https://"),
            ("https://key:SECRET@host", "user information"),
            ("https://host@evil", "user information"),
            ("https://host/\r\nx: y", "control character"), ("https://ho st", "space"),
            ("https://hüst", "outside ASCII"), ("https://host\u{0}", "control character"),
            ("https://host?SECRET=1", "query"), ("https://host/#SECRET", "fragment"),
            ("https://host:0", "port"), ("https://host:65536", "port"),
            ("https://host:80a", "port"), ("https://host:", "port"),
            ("https://host:-1", "port"), ("https://host:000080", "port"),
            ("https://", "no host"), ("https:///path", "no host"), ("https://:80", "no host"),
            ("https://a..b", "host"), ("https://[::1", "bracket"), ("https://[zz]", "host"),
            ("https://[::1]x", "port"), ("https://host\\@evil", "user information"),
            ("https://host\\evil", "backslash"), ("https://host/a%2", "%"),
            ("https://host/%zz", "%"), ("https://host/../x", ".."), ("https://host/<", "path"),
        ]
    )
    func illegal(text: String, reason: String) throws {
        let error = try #require(throws: BlobError.self) { try S3EndpointURL(text) }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains(reason))
        #expect(!error.description.contains("SECRET"))
    }

    @Test func refusesAnEndlessText() {
        let text = "https://host/" + String(repeating: "a", count: 1 << 16)
        #expect(throws: BlobError.self) { try S3EndpointURL(text) }
    }
}
