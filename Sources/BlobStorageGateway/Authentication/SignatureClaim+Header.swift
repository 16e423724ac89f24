internal import BlobStorageAWS
internal import BlobStorageHandler
internal import Foundation

extension SignatureClaim {
    /// Reads an `Authorization` header.
    ///
    /// - Throws: `GatewayError` if it is of another kind, or malformed, or the request has no date.
    init(authorization: String, headers: HTTPHeaders) throws(GatewayError) {
        let text = authorization.utf8
        guard text.starts(with: "\(Self.algorithm) ".utf8) else {
            throw Self.otherKind(authorization)
        }
        let parts = try AuthorizationParts([UInt8](text.dropFirst(Self.algorithm.utf8.count + 1)))
        let credential = try CredentialText(parts.credential, .header)
        let token = headers.values(of: "x-amz-security-token")
        guard token.count <= 1 else { throw .invalidToken }
        try self.init(
            .header,
            credential: credential,
            date: try Self.date(headers),
            signedHeaders: try Self.names(parts.signedHeaders, .header),
            signature: parts.signature,
            token: token.first
        )
    }

    private static func otherKind(_ authorization: String) -> GatewayError {
        let isAWS = authorization.utf8.starts(with: "AWS".utf8)
        guard !isAWS else { return .oldSignature }
        var error = GatewayError(400, "InvalidArgument", "Unsupported Authorization Type")
        error.details = [("ArgumentName", "Authorization")]
        return error
    }

    /// `x-amz-date`, or `Date` where a client can set that.
    private static func date(_ headers: HTTPHeaders) throws(GatewayError) -> Date {
        let dates = headers.values(of: "x-amz-date")
        if dates.count == 1, let date = strictDate(dates[0]) { return date }
        if dates.isEmpty, let text = headers["Date"],
            let date = strictDate(text) ?? HTTPDate.parse(text)
        {
            return date
        }
        throw .accessDenied("AWS authentication requires a valid Date or x-amz-date header")
    }
}

/// `Credential=…, SignedHeaders=…, Signature=…`, in any order, each once and nothing else.
private struct AuthorizationParts {
    var credential = ""
    var signedHeaders = ""
    var signature = ""

    init(_ text: [UInt8]) throws(GatewayError) {
        var found: Set<String> = []
        for item in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let item = item.drop { $0 == 0x20 || $0 == 0x09 }
            let name = item.prefix { $0 != UInt8(ascii: "=") }
            let value = String(decoding: item.dropFirst(name.count + 1), as: UTF8.self)
            let nameText = String(decoding: name, as: UTF8.self)
            guard name.count < item.count, found.insert(nameText).inserted else {
                throw .malformedAuthorization("it has a part that is no pair, or is there twice")
            }
            switch nameText {
            case "Credential": credential = value
            case "SignedHeaders": signedHeaders = value
            case "Signature": signature = value
            default: throw .malformedAuthorization("it has the unknown part \"\(nameText)\"")
            }
        }
        guard found.count == 3 else {
            throw .malformedAuthorization(
                "it must have a Credential, SignedHeaders and a Signature"
            )
        }
    }
}
