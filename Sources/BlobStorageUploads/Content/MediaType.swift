internal import BlobStorage

/// A media type, such as `text/plain; charset=utf-8`.
///
/// - SeeAlso: RFC 9110, section 8.3.1
struct MediaType {
    /// The whole text: type and subtype in lower case, parameters as they came.
    let text: String
    /// Type and subtype in lower case.
    let essence: String

    /// What comes before the slash.
    var type: String {
        String(decoding: essence.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
    }

    /// Reads a media type; `nil` for any other text.
    ///
    /// An empty one is `application/octet-stream`. So are those that make browsers guess, which could
    /// take the bytes for a page (the MIME Sniffing standard, section 7).
    init?(_ text: String) {
        let bytes = Self.trimmed(text.utf8)
        guard !bytes.isEmpty else {
            self.init(essence: UploadRequest.unknownContentType, parameters: [])
            return
        }
        let essence = Self.trimmed(bytes.prefix { $0 != UInt8(ascii: ";") }).map(\.lowercased)
        let parameters = Array(bytes.drop { $0 != UInt8(ascii: ";") })
        let halves = essence.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isToken) }),
            parameters.allSatisfy({ (0x20...0x7E).contains($0) }),
            essence.count + parameters.count <= DocumentRecord.maximumShortTextByteCount
        else { return nil }
        let name = String(decoding: essence, as: UTF8.self)
        if Self.guessed.contains(name) {
            self.init(essence: UploadRequest.unknownContentType, parameters: [])
        } else {
            self.init(essence: name, parameters: parameters)
        }
    }

    private init(essence: String, parameters: [UInt8]) {
        self.essence = essence
        text = essence + String(decoding: parameters, as: UTF8.self)
    }

    private static let guessed = ["unknown/unknown", "application/unknown", "*/*"]

    private static func trimmed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let blanks: [UInt8] = [0x20, 0x09]
        let rest = bytes.drop { blanks.contains($0) }
        return rest.reversed().drop { blanks.contains($0) }.reversed()
    }

    /// Whether a browser runs what is in such a document, opened or named by a page.
    var canScript: Bool { ScriptingTypes.contains(essence) || Self.scripts.contains(essence) }

    private static let scripts: Set<String> = [
        "text/javascript", "application/javascript", "application/ecmascript", "text/ecmascript",
        "application/x-javascript",
    ]

    /// Whether a pattern of a policy takes this type.
    ///
    /// A wildcard leaves out what browsers run scripts in, which a policy has to name.
    func matches(_ pattern: String) -> Bool {
        if UTF8Order.equal(pattern, essence) { return true }
        guard !canScript else { return false }
        return UTF8Order.equal(pattern, "*/*") || UTF8Order.equal(pattern, type + "/*")
    }

    /// Whether a text is a pattern of a policy: `image/png`, `image/*` or `*/*`.
    static func isPattern(_ text: String) -> Bool {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, text.utf8.allSatisfy({ $0.lowercased == $0 }) else { return false }
        let isWildcard = halves.map { $0.elementsEqual("*".utf8) }
        if isWildcard == [true, true] { return true }
        guard !isWildcard[0], halves[0].allSatisfy(\.isToken), !halves[0].isEmpty else {
            return false
        }
        return isWildcard[1] || (!halves[1].isEmpty && halves[1].allSatisfy(\.isToken))
    }
}

extension UInt8 {
    /// The letter in lower case; any other byte as it is.
    fileprivate var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 0x20 : self
    }

    /// Whether the byte may stand in a token: RFC 9110, section 5.6.2.
    fileprivate var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
