import BlobStorage
import Testing

@Suite struct ContentHeadersTests {
    @Test(
        "rejects values that a header can't carry unchanged",
        arguments: ["", " a", "a ", "a\r\nX: 1", "a\u{0}", "\u{e9}", "a\tb", "\u{7f}"]
    )
    func rejects(_ value: String) throws {
        for name in ContentHeaders.names {
            var headers = ContentHeaders()
            let isKnown = headers.set(name, to: value)
            #expect(isKnown)
            let error = try #require(throws: BlobError.self) {
                try headers.validate(operation: "put", key: "k")
            }
            #expect(error.kind == .invalidArgument)
            #expect(error.message.hasPrefix(name))
            #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test func aValueHasAtMost1024Bytes() throws {
        let longest = String(repeating: "x", count: 1_024)
        try ContentHeaders(cacheControl: longest).validate(operation: "put", key: "k")
        #expect(throws: BlobError.self) {
            try ContentHeaders(cacheControl: longest + "x").validate(operation: "put", key: "k")
        }
    }

    @Test func fieldsComeByTheirHTTPNames() {
        var headers = ContentHeaders()
        for (number, name) in ContentHeaders.names.enumerated() {
            let isKnown = headers.set(name, to: "v\(number)")
            #expect(isKnown)
        }
        #expect(headers.fields.map(\.name) == ContentHeaders.names)
        #expect(headers.fields.map(\.value) == ["v0", "v1", "v2", "v3", "v4", "v5"])
        #expect(headers.contentType == "v0" && headers.cacheControl == "v4")
        #expect(headers.expires == "v5")
        for other in ["content-length", "Content-Type"] {
            let isKnown = headers.set(other, to: "1")
            #expect(!isKnown)
        }
    }

    @Test func theMediaTypeIsResolvedFromTheKey() {
        #expect(ContentHeaders().resolved(for: "a.png").contentType == "image/png")
        #expect(ContentHeaders(contentType: "x/y").resolved(for: "a.png").contentType == "x/y")
        #expect(ContentHeaders().fields.isEmpty)
    }
}

extension ContentHeaders {
    fileprivate static let names = [
        "content-type", "content-encoding", "content-language", "content-disposition",
        "cache-control", "expires",
    ]
}
