/// The media types of documents in which browsers run scripts: what is served under one from an
/// application's own origin may act as one of its pages.
package enum ScriptingTypes {
    /// Whether a browser that opens a document of a type may run what is in it.
    ///
    /// - Parameter essence: Type and subtype in lower case, without parameters.
    /// - Returns: Whether it is one of the types that are known for it, ends in `+xml`, or is
    ///   `multipart/`, whose parts have types of their own.
    package static func contains(_ essence: String) -> Bool {
        names.contains(essence) || essence.utf8.suffix(4).elementsEqual("+xml".utf8)
            || essence.utf8.starts(with: "multipart/".utf8)
    }

    private static let names: Set<String> = [
        "text/html", "text/vtt+html", "text/xml", "application/xml", "text/xsl", "text/rdf",
        "image/svg", "message/rfc822", "application/x-mimearchive", "text/cache-manifest",
    ]
}
