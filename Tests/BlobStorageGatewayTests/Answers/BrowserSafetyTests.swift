import BlobStorageHandler
import Testing

@testable import BlobStorageGateway

/// What a browser would run scripts of, whatever it makes of the type.
///
/// - SeeAlso: https://mimesniff.spec.whatwg.org; of `a, b` a browser takes the last one
///   (https://fetch.spec.whatwg.org/#concept-header-extract-mime-type), and Chromium ends a type at
///   `(` too (`HttpUtil::ParseContentType`). Gecko takes `text/rdf` for XML (`nsContentDLF.cpp`).
@Suite struct BrowserSafetyTests {
    @Test(
        "finds types that can script",
        arguments: [
            "text/html", "TEXT/HTML; charset=utf-8", " text/html\t", "image/svg+xml",
            "application/xhtml+xml", "text/xml", "text/rdf", "text/plain, text/html",
            "text/plain,text/html", "image/png;a=b, text/html", "text/html(x",
            "text/html x", "text/html\u{0B}", "", "html", "*/*", "text/", "/html", "text/html/x",
            "multipart/x-mixed-replace",
        ]
    )
    func dangerous(_ type: String) {
        var headers: HTTPHeaders = ["Content-Type": type]
        BrowserSafety.apply(to: &headers)
        #expect(headers["Content-Disposition"] == "attachment")
        #expect(headers["Content-Security-Policy"] == "default-src 'none'; sandbox")
        #expect(headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test(
        "leaves others as they are",
        arguments: ["image/png", "text/plain; charset=utf-8", "video/mp4", "application/json"]
    )
    func harmless(_ type: String) {
        var headers: HTTPHeaders = ["Content-Type": type, "Content-Disposition": "inline"]
        BrowserSafety.apply(to: &headers)
        #expect(headers["Content-Disposition"] == "inline")
        #expect(headers["X-Content-Type-Options"] == "nosniff")
    }
}
