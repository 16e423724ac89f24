import BlobStorage

/// The headers and metadata that model tests write.
enum ModelAttributes {
    static let all: [(headers: ContentHeaders, metadata: BlobMetadata)] = [
        (ContentHeaders(), [:]),
        (ContentHeaders(contentType: "text/css", cacheControl: "no-cache"), ["a": "1"]),
        (
            ContentHeaders(contentEncoding: "gzip", contentDisposition: "inline"),
            ["b": " ü ", "empty": ""]
        ),
        (ContentHeaders(), ["a": "v\r\nX-Injected: 1"]),
    ]

    /// The one that every store refuses.
    static let invalidIndex = 3
}
