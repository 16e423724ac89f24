import Testing

@testable import DocumentService

@Suite struct OriginTests {
    @Test(
        "scheme, host and port are the origin",
        arguments: [
            ("http://a.example", "http://a.example"),
            ("https://A.example:8443/x?y#z", "https://a.example:8443"),
            ("http://[::1]:80/", "http://[::1]:80"), ("HTTP://a?b", "http://a"),
            ("ftp://a", nil), ("http://", nil), ("http:///a", nil), ("//a", nil),
            ("http://a b/", nil), ("http://user@a/", nil), ("http://:80", nil),
        ] as [(String, String?)]
    )
    func origins(_ url: String, _ origin: String?) {
        #expect(Origin.of(url) == origin)
    }

    @Test func aLoopbackAddressHasTwoNames() {
        let both = ["http://127.0.0.1:80", "http://localhost:80"]
        #expect(Origin.twins(of: "http://localhost:80") == both)
        #expect(Origin.twins(of: "http://127.0.0.1:80") == both)
        #expect(Origin.twins(of: "http://localhost.example") == ["http://localhost.example"])
        #expect(Origin.twins(of: "https://a.example") == ["https://a.example"])
    }
}
