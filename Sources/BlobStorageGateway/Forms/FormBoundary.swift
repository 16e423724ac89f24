/// What stands between the parts of a form.
///
/// - SeeAlso: RFC 2046, section 5.1.1
struct FormBoundary: Sendable {
    /// The most bytes of a boundary, as the RFC has it.
    static let maximumByteCount = 70

    /// The line end that belongs to it, two hyphens and the boundary.
    let delimiter: [UInt8]

    /// Reads the boundary of a `Content-Type`.
    ///
    /// - Throws: `GatewayError` if it is not that of a form, or has no legal boundary.
    init(contentType: String?) throws(GatewayError) {
        var parameters = HeaderParameters([UInt8]((contentType ?? "").utf8)[...])
        let type = parameters.first
        var boundary: [UInt8]?
        while let (name, value) = parameters.next() {
            if boundary == nil, name.elementsEqual("boundary".utf8) { boundary = value }
        }
        guard type.elementsEqual("multipart/form-data".utf8), !parameters.isMalformed else {
            throw GatewayError(
                412,
                "PreconditionFailed",
                "Bucket POST must be of the enclosure-type multipart/form-data"
            )
        }
        guard let boundary, (1...Self.maximumByteCount).contains(boundary.count),
            boundary.allSatisfy(Self.isBoundaryByte), boundary.last != 0x20
        else { throw .malformedForm("its Content-Type has no legal boundary") }
        delimiter = [UInt8]("\r\n--".utf8) + boundary
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}

extension GatewayError {
    static func malformedForm(_ problem: String) -> GatewayError {
        GatewayError(
            400,
            "MalformedPOSTRequest",
            "The body of your POST request is not well-formed multipart/form-data: \(problem)"
        )
    }
}
