internal import BlobStorage
internal import BlobStorageCrypto
package import BlobStorageHTTP
package import Foundation

extension SigV4Signer {
    /// How long a presigned URL may be good, in seconds: a week is what S3 takes at most.
    package static let expirySeconds: ClosedRange<Int64> = 1...604_800

    /// A URL that carries the signature in its query.
    ///
    /// - Parameters:
    ///   - request: What the URL is for; its headers are signed, so they must be sent with it.
    ///   - lifetime: How long the URL is good, in whole seconds, from one second to seven days.
    ///   - region: The region to sign for.
    ///   - credentials: Who signs.
    ///   - date: When.
    /// - Returns: The request's URL, its query encoded anew and with the signature at its end.
    /// - Throws: `BlobError` of kind `invalidArgument` if the lifetime is out of bounds.
    package func presign(
        _ request: HTTPRequest,
        expiresIn lifetime: Duration,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) throws -> HTTPURL {
        try presign(
            request,
            payload: sendsPayloadHash ? .unsigned : .empty,
            expiresIn: lifetime,
            region: region,
            credentials: credentials,
            at: date
        ) { _ in }
    }

    /// Signs as the other form does, for a payload that is covered by the signature, and shows the
    /// canonical request and the string to sign.
    package func presign(
        _ request: HTTPRequest,
        payload: PayloadSigning,
        expiresIn lifetime: Duration,
        region: String,
        credentials: AWSCredentials,
        at date: Date,
        inspect: (CanonicalRequest) -> Void
    ) throws -> HTTPURL {
        let seconds = lifetime.components.seconds
        guard Self.expirySeconds.contains(seconds) else {
            let message = "a URL is presigned for 1 to 604800 seconds, not for \(lifetime)"
            throw BlobError(.invalidArgument, operation: "presign", message: message)
        }
        let scope = SigningScope(at: date, region: region, service: service)
        var (key, canonical) = state.begin(credentials.secretAccessKey, scope)
        addHeaders(of: request, to: &canonical)
        if let query = request.url.query { canonical.query.append(encoded: query) }
        addParameters(credentials, scope, seconds: seconds, to: &canonical)
        if signsSessionToken { addToken(credentials, to: &canonical) }
        canonical.build(
            method: request.method.rawValue,
            path: request.url.path,
            pathStyle: pathStyle,
            payloadHash: request.headers["x-amz-content-sha256"] ?? payload.text
        )
        canonical.buildStringToSign(scope)
        inspect(canonical)

        let signature = key.signature(of: canonical.stringToSign)
        if !signsSessionToken { addToken(credentials, to: &canonical) }
        canonical.query.append("X-Amz-Signature") { signature.appendHex(to: &$0) }
        var url = request.url
        url.query = String(decoding: canonical.query.bytes, as: UTF8.self)
        state.end(consume canonical)
        return url
    }

    func addParameters(
        _ credentials: AWSCredentials,
        _ scope: SigningScope,
        seconds: Int64,
        to canonical: inout CanonicalRequest
    ) {
        canonical.query.append("X-Amz-Algorithm") {
            $0.append(contentsOf: "AWS4-HMAC-SHA256".utf8)
        }
        canonical.query.append("X-Amz-Credential") { text in
            AWSPercentEncoding.append(credentials.accessKeyID, to: &text)
            text.append(contentsOf: "%2F".utf8)
            scope.appendEncoded(to: &text)
        }
        canonical.query.append("X-Amz-Date") { $0.append(contentsOf: scope.timestamp) }
        canonical.query.append("X-Amz-Expires") { $0.append(contentsOf: "\(seconds)".utf8) }
        let headers = canonical.headers
        canonical.query.append("X-Amz-SignedHeaders") { headers.appendEncodedNames(to: &$0) }
    }

    func addToken(_ credentials: AWSCredentials, to canonical: inout CanonicalRequest) {
        guard let token = credentials.sessionToken else { return }
        canonical.query.append("X-Amz-Security-Token") { AWSPercentEncoding.append(token, to: &$0) }
    }
}
