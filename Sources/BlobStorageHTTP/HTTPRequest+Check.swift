import BlobStorage

extension HTTPRequest {
    /// Fails if the request can't be sent as it is, or if some byte of it would end up elsewhere
    /// than where it stands: a line break in a header, a user's name in a host.
    package func check() throws(HTTPError) {
        try url.check()
        for field in headers.fields { try check(field) }
        let takesBody = method != .get && method != .head
        guard takesBody || body == nil || body?.byteCount == 0 else {
            throw .invalid("a \(method.rawValue) request has a body")
        }
        if let byteCount = body?.byteCount, byteCount < 0 {
            throw .invalid("the body declares \(byteCount) bytes")
        }
        guard timeouts.connect > .zero, timeouts.idle > .zero, timeouts.total ?? .seconds(1) > .zero
        else { throw .invalid("a time limit is not positive") }
    }

    /// Fields that follow from the rest of the request must agree with it.
    private func check(_ field: HTTPHeaders.Field) throws(HTTPError) {
        guard !field.name.utf8.isEmpty, field.name.utf8.allSatisfy(HTTPSyntax.isToken) else {
            // What follows may be a value that ended up in the wrong place.
            let token = field.name.utf8.prefix(while: HTTPSyntax.isToken)
            let start = String(decoding: token, as: UTF8.self)
            throw .invalid("the header name that begins with \"\(start)\" is not a token")
        }
        guard field.value.utf8.allSatisfy(HTTPSyntax.isFieldContent) else {
            throw .invalid("the header \(field.name) has a control character in its value")
        }
        let expected: String? =
            if HTTPHeaders.isSame(field.name, "Host") {
                url.authority
            } else if HTTPHeaders.isSame(field.name, "Content-Length") {
                declaredByteCount.map { "\($0)" }
            } else if HTTPHeaders.isSame(field.name, "Transfer-Encoding")
                || HTTPHeaders.isSame(field.name, "Expect")
            {
                nil
            } else {
                field.value
            }
        guard let expected, field.value.utf8.elementsEqual(expected.utf8) else {
            throw .invalid("the header \(field.name) follows from the rest of the request")
        }
    }

    private var declaredByteCount: Int64? {
        guard let body else { return 0 }
        return body.byteCount
    }
}

extension HTTPURL {
    /// The most bytes of a host's name (RFC 1035 §2.3.4), with a final dot.
    private static let hostByteLimit = 254

    fileprivate func check() throws(HTTPError) {
        guard Self.isHost(host) else {
            // Not shown, since it may have a password.
            throw .invalid("the URL's host is not a name, nor an address")
        }
        if let port, !(1...65_535).contains(port) {
            throw .invalid("the port \(port) is not in 1 to 65535")
        }
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.allSatisfy(HTTPSyntax.isPathByte)
        else {
            throw .invalid("the path has bytes that must be percent-encoded, or no slash in front")
        }
        guard query?.utf8.allSatisfy(HTTPSyntax.isQueryByte) ?? true else {
            throw .invalid("the query has bytes that must be percent-encoded")
        }
    }

    private static func isHost(_ host: String) -> Bool {
        let bytes = host.utf8
        guard (1...hostByteLimit).contains(bytes.count) else { return false }
        guard bytes.first == UInt8(ascii: "[") else {
            return bytes.allSatisfy(HTTPSyntax.isNameByte)
        }
        return bytes.last == UInt8(ascii: "]") && bytes.count > 2
            && bytes.dropFirst().dropLast().allSatisfy(HTTPSyntax.isAddressByte)
    }
}

extension HTTPError {
    static func invalid(_ message: String) -> HTTPError {
        HTTPError(.invalidRequest, message, mayHaveArrived: false)
    }
}
