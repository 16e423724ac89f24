/// The status and header fields of an answer, read from their bytes.
struct ResponseHead {
    let status: Int
    let headers: HTTPHeaders
    /// How long the body is, if the head tells.
    let bodyByteCount: Int64?

    /// Reads a head: a status line and header lines, each with its line break.
    ///
    /// - Throws: ``HTTPError`` of kind `badAnswer` if it has too many fields, a line that is no
    ///   field, or two different lengths.
    init(status: Int, lines: [UInt8], fieldLimit: Int) throws(HTTPError) {
        self.status = status
        var fields: [HTTPHeaders.Field] = []
        let rest = lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for var line in rest.dropFirst() {
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            guard let first = line.first else { continue }
            if Self.isBlank(first), let last = fields.indices.last {
                // A folded line goes on with the field before (RFC 9112 §5.2).
                fields[last].value += " " + Self.text(Self.trimmed(line))
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw .badAnswer("a header line of the answer has no name")
            }
            guard fields.count < fieldLimit else {
                throw .badAnswer("the answer has more than \(fieldLimit) header fields")
            }
            let value = Self.trimmed(line[(colon + 1)...])
            fields.append(
                HTTPHeaders.Field(Self.text(Self.trimmed(line[..<colon])), Self.text(value))
            )
        }
        headers = HTTPHeaders(fields)
        bodyByteCount = try Self.bodyByteCount(fields)
    }

    /// The length that the fields tell; the chunks of a transfer coding tell it by themselves.
    private static func bodyByteCount(
        _ fields: [HTTPHeaders.Field]
    ) throws(HTTPError) -> Int64? {
        var byteCount: Int64?
        for field in fields where HTTPHeaders.isSame(field.name, "Content-Length") {
            guard let found = Int64(field.value), found >= 0, field.value.utf8.first != 0x2B else {
                throw .badAnswer("the answer's Content-Length is no number")
            }
            guard byteCount == nil || byteCount == found else {
                throw .badAnswer("the answer has two different Content-Length fields")
            }
            byteCount = found
        }
        let isCoded = fields.contains { HTTPHeaders.isSame($0.name, "Transfer-Encoding") }
        return isCoded ? nil : byteCount
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    /// Bytes as text: UTF-8, or else Latin-1, as HTTP had it first; never with a byte lost.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
    }
}

extension HTTPError {
    static func badAnswer(_ message: String) -> HTTPError {
        HTTPError(.badAnswer, message, mayHaveArrived: true)
    }
}
