internal import BlobStorage
internal import BlobStorageHandler

/// Keeps what somebody uploaded from acting as a page of the application's own origin.
///
/// A browser that is led to a blob sends no `Authorization` header, so only anonymous requests and
/// presigned URLs can show one; requests that are signed by header get what was put, unchanged.
enum BrowserSafety {
    /// Changes the head of an answer.
    static func apply(to headers: inout HTTPHeaders) {
        headers["X-Content-Type-Options"] = "nosniff"
        guard canScript(headers["Content-Type"] ?? "") else { return }
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        headers["Content-Disposition"] = attachment(headers["Content-Disposition"])
    }

    /// Whether a browser may run scripts of a document of a type.
    static func canScript(_ type: String) -> Bool {
        // Of several types browsers take the last one.
        guard !type.utf8.contains(UInt8(ascii: ",")) else { return true }
        let essence = type.utf8.prefix { $0 != UInt8(ascii: ";") }
        let name = String(decoding: Array(essence), as: UTF8.self).trimmed.lowercasedASCII
        // Without a type, or with one that is none, some browsers look at the bytes; and some take
        // `text/html(x` for the type before the parenthesis.
        guard isType(name), name != "*/*" else { return true }
        return ScriptingTypes.contains(name) || pluginTypes.contains(name)
    }

    /// Whether it is two tokens with a slash between (RFC 9110, section 8.3.1), in lower case.
    private static func isType(_ name: String) -> Bool {
        let halves = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return halves.count == 2
            && halves.allSatisfy { !$0.isEmpty && $0.allSatisfy(SignatureClaim.isNameByte) }
    }

    /// What browsers hand to plugins, which run scripts of their own.
    private static let pluginTypes: Set<String> = [
        "application/pdf", "application/x-shockwave-flash",
    ]

    /// A disposition that saves; its other parts, such as the file's name, stay.
    static func attachment(_ disposition: String?) -> String {
        guard let disposition else { return "attachment" }
        guard let semicolon = disposition.utf8.firstIndex(of: UInt8(ascii: ";")) else {
            return "attachment"
        }
        return "attachment" + String(disposition[semicolon...])
    }
}
