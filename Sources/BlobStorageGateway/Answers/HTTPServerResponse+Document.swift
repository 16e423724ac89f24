internal import BlobStorage
internal import BlobStorageHandler
internal import BlobStorageXML

/// The namespace of S3's documents.
let documentNamespace: StaticString = "http://s3.amazonaws.com/doc/2006-03-01/"

extension HTTPServerResponse {
    /// A document of S3.
    ///
    /// - Parameters:
    ///   - name: The name of its root.
    ///   - status: The status.
    ///   - byteCount: About how many bytes it will have.
    ///   - content: Writes what is in the root.
    /// - Returns: The answer.
    static func document(
        _ name: StaticString,
        status: Int = 200,
        reservingByteCount byteCount: Int = 512,
        _ content: (inout XMLWriter) -> Void
    ) -> HTTPServerResponse {
        var xml = XMLWriter(reservingByteCount: byteCount)
        xml.element(name, namespace: documentNamespace, content)
        return HTTPServerResponse(
            status: status,
            headers: ["Content-Type": "application/xml"],
            body: BlobBody(xmlDeclaration + xml.bytes)
        )
    }

    /// An answer without anything.
    static func empty(_ status: Int, _ headers: HTTPHeaders = HTTPHeaders()) -> HTTPServerResponse {
        HTTPServerResponse(status: status, headers: headers)
    }
}

extension HTTPServerResponse {
    /// What stands before a document's root.
    static let xmlDeclaration = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)

    /// A failure, with the document that tells it.
    ///
    /// - Parameters:
    ///   - error: The failure.
    ///   - method: The request's method.
    ///   - resource: The request's path.
    ///   - id: The request's id.
    /// - Returns: The answer.
    static func failure(
        _ error: GatewayError,
        method: String,
        resource: String,
        id: String
    ) -> HTTPServerResponse {
        var headers = error.headers
        // Neither has a body (RFC 9110, sections 9.3.2 and 15.4.5).
        guard method != "HEAD", error.status != 304 else {
            return HTTPServerResponse(status: error.status, headers: headers)
        }
        headers["Content-Type"] = "application/xml"
        var xml = XMLWriter(reservingByteCount: 512)
        xml.element("Error") { xml in
            xml.element("Code", error.code)
            xml.element("Message", printable(error.message))
            for (name, value) in error.details { xml.element(named: name, printable(value)) }
            xml.element("Resource", printable(resource))
            xml.element("RequestId", id)
        }
        return HTTPServerResponse(
            status: error.status,
            headers: headers,
            body: BlobBody(xmlDeclaration + xml.bytes)
        )
    }

    /// The text without what no XML can hold, whatever a request brought along.
    private static func printable(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xEF }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.value {
                    case 0x09, 0x0A: scalar
                    case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF: "\u{FFFD}"
                    default: scalar
                    }
                }
            )
        )
    }
}
