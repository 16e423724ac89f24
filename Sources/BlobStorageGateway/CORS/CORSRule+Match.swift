internal import BlobStorageAWS
internal import BlobStorageHandler

extension CORSRule {
    /// Whether a page of that origin may send requests of that method.
    func allows(origin: String, method: String) -> Bool {
        methods.contains(method) && origins.contains { Self.fits($0, origin) }
    }

    /// Whether a page may send a header.
    ///
    /// - Parameter name: The name, in lower case.
    /// - Returns: `false` also if it is no name.
    func allows(header name: String) -> Bool {
        // A name that isn't one would forge lines of the answer.
        let isName = !name.isEmpty && name.utf8.allSatisfy(Self.isNameByte)
        return isName
            && allowedHeaders.contains { pattern in
                let lower = pattern.utf8.map(HeaderParameters.lowerCase)
                return Self.fits(String(decoding: lower, as: UTF8.self), name)
            }
    }

    /// Tells the browser that the origin is allowed.
    ///
    /// A rule for all says so, which caches can share; one for some allows credentials too, as S3
    /// does, which a gateway never looks at.
    func originHeaders(_ origin: String) -> HTTPHeaders {
        let isForAll = origins.contains { $0.utf8.elementsEqual("*".utf8) }
        guard !isForAll else { return ["Access-Control-Allow-Origin": "*"] }
        return [
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
        ]
    }

    /// The names of an answer's headers that a page may read.
    ///
    /// Browsers know names and a lone `*`, which they take for a name when there are credentials; so
    /// patterns become the names that the answer has.
    func exposedNames(of answer: HTTPHeaders) -> [String] {
        var names: [String] = []
        func add(_ name: String) {
            if !names.contains(where: { HTTPHeaders.isSame($0, name) }) { names.append(name) }
        }
        for pattern in exposedHeaders {
            guard pattern.utf8.contains(UInt8(ascii: "*")) else {
                add(pattern)
                continue
            }
            let lower = String(
                decoding: pattern.utf8.map(HeaderParameters.lowerCase),
                as: UTF8.self
            )
            for field in answer.fields {
                let name = String(
                    decoding: field.name.utf8.map(HeaderParameters.lowerCase),
                    as: UTF8.self
                )
                if Self.fits(lower, name) { add(field.name) }
            }
        }
        return names
    }

    /// Whether a text is what a pattern with at most one `*` says, by bytes.
    static func fits(_ pattern: String, _ text: String) -> Bool {
        let (pattern, text) = (pattern.utf8, text.utf8)
        guard let star = pattern.firstIndex(of: UInt8(ascii: "*")) else {
            return pattern.elementsEqual(text)
        }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return text.count >= head.count + tail.count && text.starts(with: head)
            && text.suffix(tail.count).elementsEqual(tail)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
