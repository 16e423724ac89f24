import BlobStorage
import Testing

@Suite struct ContentTypeTests {
    @Test(
        "knows a type by the last extension of the last segment",
        arguments: [
            ("a.png", "image/png"), ("a.PNG", "image/png"), ("a.JpEg", "image/jpeg"),
            ("a/b.c/d.html", "text/html"), ("a.tar.gz", "application/gzip"),
            (".html", "text/html"), ("site.webmanifest", "application/manifest+json"),
            ("a\u{301}.css", "text/css"), ("a/.json", "application/json"),
        ]
    )
    func known(_ key: BlobKey, _ type: String) {
        #expect(ContentType.guess(for: key) == type)
    }

    @Test(
        "does not guess where there is no extension",
        arguments: [
            "a", "png", "a.", "a.png/", "a.png/b", ".", "/", "a.png\u{301}", "a.unheardof",
            "a.webmanifestx", "a.pn g", "a. png", "\u{0}",
        ] as [BlobKey]
    )
    func unknown(_ key: BlobKey) {
        #expect(ContentType.guess(for: key) == "application/octet-stream")
    }
}
