import BlobStorage
import Foundation
import Testing

@Suite struct PublicDeliveryTests {
    @Test(
        "puts the encoded key behind the base address",
        arguments: [
            ("https://cdn.example.com", "a/b.jpg", "https://cdn.example.com/a/b.jpg"),
            ("https://cdn.example.com/", "a", "https://cdn.example.com/a"),
            ("http://127.0.0.1:8080/files", "a", "http://127.0.0.1:8080/files/a"),
            ("http://[::1]:80/x%20y/", "a", "http://[::1]:80/x%20y/a"),
            ("https://h", "/a//b/", "https://h//a//b/"),
            ("https://h", "é ?#%+&=\u{0}\n", "https://h/%C3%A9%20%3F%23%25%2B%26%3D%00%0A"),
            ("https://h", "e\u{301}", "https://h/e%CC%81"),
            ("https://h", "...", "https://h/..."), ("https://h", "a/.b/..c", "https://h/a/.b/..c"),
            ("https://h", "-._~AZaz09", "https://h/-._~AZaz09"),
        ]
    )
    func addresses(_ base: String, _ key: String, _ expected: String) async throws {
        let address = try await PublicDelivery(baseURL: base).url(of: BlobKey(key))
        #expect(address == DeliveryURL(url: expected))
        #expect(address.expiresAt == nil)
    }

    @Test(
        "refuses a base address that is none",
        arguments: [
            "", "cdn.example.com", "ftp://h", "HTTPS://h", "https://", "https:///a", "https://:80",
            "https://h?x=1", "https://h#x", "https://user@h", "https://h/a b", "https://h/é",
            "https://h/%2", "https://h/%zz", "https://h\n", "https://h%41/", "https://h/\u{0}",
        ]
    )
    func badBases(_ base: String) throws {
        let error = try #require(throws: BlobError.self) { try PublicDelivery(baseURL: base) }
        #expect(error.kind == .invalidArgument)
        #expect(base.utf8.count < 4 || !error.description.contains(base))
    }

    // https://url.spec.whatwg.org/#double-dot-path-segment
    @Test("refuses a key that clients resolve", arguments: [".", "..", "a/./b", "a/..", "../a"])
    func dots(_ key: String) async throws {
        let error = try await #require(throws: BlobError.self) {
            try await PublicDelivery(baseURL: "https://h").url(of: BlobKey(key))
        }
        #expect(error.kind == .unsupported)
        #expect(error.key?.text == key)
    }

    @Test func refusesHeadersOfTheAnswer() async throws {
        let delivery = try PublicDelivery(baseURL: "https://h")
        let headers = ResponseHeaders(disposition: .attachment("a"))
        let error = try await #require(throws: BlobError.self) {
            try await delivery.url(of: "a", options: DeliveryOptions(responseHeaders: headers))
        }
        #expect(error.kind == .unsupported)
        #expect(error.operation == "url")
    }
}
