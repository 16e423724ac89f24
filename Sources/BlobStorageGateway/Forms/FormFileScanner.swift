/// Finds the end of a form's file, however its bytes are cut.
struct FormFileScanner: Sendable {
    private let delimiter: [UInt8]
    /// The end of what came, if it could be the beginning of the delimiter.
    private var held: [UInt8] = []
    /// What comes after the file, once its end was found.
    private var after: FormReader?
    private var isEnded = false
    private var afterByteCount = 0
    private let boundary: FormBoundary

    /// The most bytes after a file: a button, and the end of the form.
    static let maximumAfterByteCount = 4 << 10

    init(_ boundary: FormBoundary) {
        self.boundary = boundary
        delimiter = boundary.delimiter
    }

    /// Takes the next bytes of the form.
    ///
    /// - Returns: Those that belong to the file; may be empty.
    mutating func take(_ input: [UInt8]) throws(GatewayError) -> [UInt8] {
        guard after == nil else {
            try takeAfter(input)
            return []
        }
        var bytes = input
        if !held.isEmpty {
            bytes = held + input
            held = []
        }
        let found = bytes.withUnsafeBytes { ByteSearch.firstOffset(of: delimiter, in: $0) }
        if let found {
            after = FormReader(boundary, isAfterDelimiter: true)
            try takeAfter([UInt8](bytes[(found + delimiter.count)...]))
            bytes.removeLast(bytes.count - found)
            return bytes
        }
        // A delimiter begins with the one CR that it has, so only the last CR matters.
        let tail = bytes.suffix(delimiter.count - 1)
        if let start = tail.lastIndex(of: 0x0D), delimiter.starts(with: bytes[start...]) {
            held = [UInt8](bytes[start...])
            bytes.removeLast(held.count)
        }
        return bytes
    }

    /// Takes what follows the file.
    ///
    /// S3 ignores fields there; here none may be but the button with which HTML forms are sent, so
    /// that no field is believed to count that doesn't.
    private mutating func takeAfter(_ input: [UInt8]) throws(GatewayError) {
        afterByteCount += input.count
        guard afterByteCount <= Self.maximumAfterByteCount else {
            throw .malformedForm("too much follows its file")
        }
        guard !isEnded else { return }
        switch try after?.take(input) {
        case .end: isEnded = true
        case .file:
            throw GatewayError(
                400,
                "InvalidArgument",
                "POST requires exactly one file upload per request."
            )
        case nil: break
        }
        for (name, _) in after?.fields.pairs ?? [] where name != "submit" {
            throw GatewayError(
                400,
                "InvalidArgument",
                "The field \"\(name)\" comes after the file, which must be the last field"
            )
        }
    }

    /// Whether the file's end was found.
    var isFileComplete: Bool { after != nil }

    /// Says that there are no more bytes.
    func finish() throws(GatewayError) {
        guard isEnded else {
            throw GatewayError(
                400,
                "IncompleteBody",
                "The form ends without its last boundary"
            )
        }
    }
}
