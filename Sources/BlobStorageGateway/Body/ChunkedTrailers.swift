internal import BlobStorageAWS
internal import BlobStorageCrypto

/// The lines after the last chunk: one trailer, and its signature.
struct ChunkedTrailers: Sendable {
    /// The trailer that was announced, in lower case.
    private let name: String?
    private(set) var value: String?
    private var signature: [UInt8]?

    init(name: String?) {
        self.name = name
    }

    /// Takes a line that is not empty.
    mutating func take(_ line: [UInt8], isSigned: Bool) throws(GatewayError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw Self.malformed }
        let field = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let text = Self.trimmed(line[(colon + 1)...])
        // The signature covers what stands before it.
        guard signature == nil else { throw Self.malformed }
        if isSigned, name != nil, value != nil,
            field.elementsEqual("x-amz-trailer-signature".utf8)
        {
            guard text.count == 64, text.allSatisfy(SignatureClaim.isLowerHexDigit) else {
                throw Self.malformed
            }
            signature = [UInt8](text)
            return
        }
        guard let name, value == nil, field.elementsEqual(name.utf8),
            let decoded = String(validating: text, as: UTF8.self)
        else { throw Self.malformed }
        value = decoded
    }

    /// Says that there are no more lines.
    func finish(signer: inout ChunkSigner?) throws(GatewayError) {
        guard let name else { return }
        guard let value else { throw Self.malformed }
        guard let expected = signer?.signature(ofTrailers: [UInt8]("\(name):\(value)\n".utf8))
        else {
            return
        }
        guard let signature else { throw Self.malformed }
        guard ConstantTime.isEqual(expected, signature) else {
            var error = GatewayError.signatureDoesNotMatch
            error.message += " It is that of the trailer."
            throw error
        }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }

    private static var malformed: GatewayError {
        GatewayError(
            400,
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to our "
                + "published schema."
        )
    }
}
