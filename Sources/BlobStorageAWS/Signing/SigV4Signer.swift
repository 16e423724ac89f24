internal import BlobStorage
internal import BlobStorageCrypto
package import BlobStorageHTTP
package import Foundation

/// Signs requests with AWS Signature Version 4.
///
/// A signer keeps the keys of the last days, regions and secrets, so one is made for many requests.
package struct SigV4Signer: Sendable {
    /// The service's name in signatures, such as `s3`.
    package let service: String
    /// How the service signs paths.
    package let pathStyle: SignedPathStyle
    /// Whether each request says in `x-amz-content-sha256` how its payload is covered.
    package let sendsPayloadHash: Bool
    /// Whether a session token is covered by the signature, as all services but a few want it.
    package let signsSessionToken: Bool

    let state = SigningState()

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - service: The service's name in signatures.
    ///   - pathStyle: How the service signs paths; `nil` is S3's way for `s3`, else the other one.
    ///   - sendsPayloadHash: Whether each request says how its payload is covered; `nil` is yes for
    ///     `s3` alone.
    ///   - signsSessionToken: Whether a session token is covered by the signature.
    package init(
        service: String,
        pathStyle: SignedPathStyle? = nil,
        sendsPayloadHash: Bool? = nil,
        signsSessionToken: Bool = true
    ) {
        let isS3 = UTF8Order.equal(service, "s3")
        self.service = service
        self.pathStyle = pathStyle ?? (isS3 ? .verbatim : .normalized)
        self.sendsPayloadHash = sendsPayloadHash ?? isS3
        self.signsSessionToken = signsSessionToken
    }

    /// Adds the headers of a signature (`Authorization`, `x-amz-date`, `x-amz-content-sha256`, …) and,
    /// for chunked payloads, replaces the body by its signed chunks.
    ///
    /// - Parameters:
    ///   - request: The request; an `Authorization` header is replaced.
    ///   - payload: How the body is covered.
    ///   - region: The region to sign for.
    ///   - credentials: Who signs.
    ///   - date: When.
    /// - Throws: `BlobError` of kind `invalidArgument` if the payload is to be chunked and the body's
    ///   byte count is not known, or the trailer is no checksum of ours.
    package func sign(
        _ request: inout HTTPRequest,
        payload: PayloadSigning,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) throws {
        try sign(&request, payload: payload, region: region, credentials: credentials, at: date) {
            _ in
        }
    }

    /// Signs as the other form does, and shows the canonical request and the string to sign.
    package func sign(
        _ request: inout HTTPRequest,
        payload: PayloadSigning,
        region: String,
        credentials: AWSCredentials,
        at date: Date,
        inspect: (CanonicalRequest) -> Void
    ) throws {
        let scope = SigningScope(at: date, region: region, service: service)
        let framing = try ChunkFraming(payload, of: request.body)
        request.headers["Authorization"] = nil
        request.headers["x-amz-date"] = scope.timestampText
        request.headers["x-amz-security-token"] = credentials.sessionToken
        if sendsPayloadHash || payload.isWord {
            request.headers["x-amz-content-sha256"] = payload.text
        }
        framing?.addHeaders(to: &request.headers)

        var (key, canonical) = state.begin(credentials.secretAccessKey, scope)
        addHeaders(of: request, to: &canonical)
        if let query = request.url.query { canonical.query.append(encoded: query) }
        canonical.build(
            method: request.method.rawValue,
            path: request.url.path,
            pathStyle: pathStyle,
            payloadHash: payload.text
        )
        canonical.buildStringToSign(scope)
        inspect(canonical)

        let signature = key.signature(of: canonical.stringToSign)
        var authorization: [UInt8] = []
        authorization.reserveCapacity(256)
        authorization.append(contentsOf: "AWS4-HMAC-SHA256 Credential=".utf8)
        authorization.append(contentsOf: credentials.accessKeyID.utf8)
        authorization.append(UInt8(ascii: "/"))
        scope.append(to: &authorization)
        authorization.append(contentsOf: ", SignedHeaders=".utf8)
        canonical.headers.appendNames(to: &authorization)
        authorization.append(contentsOf: ", Signature=".utf8)
        signature.appendHex(to: &authorization)
        state.end(consume canonical)
        request.headers.append("Authorization", String(decoding: authorization, as: UTF8.self))

        guard let framing else { return }
        request.body = framing.body(
            of: request.body ?? BlobBody([]),
            signer: payload.signsChunks
                ? ChunkSigner(key: key, scope: scope, seed: signature) : nil
        )
    }

    /// The signature of a form's policy.
    ///
    /// - Parameters:
    ///   - policyBase64: The policy in base64, as the form carries it.
    ///   - region: The region to sign for.
    ///   - credentials: Who signs.
    ///   - date: When; the form's `x-amz-date` says the same.
    /// - Returns: The signature in hexadecimal.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    package func sign(
        policyBase64: String,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) -> String {
        let scope = SigningScope(at: date, region: region, service: service)
        return key(credentials.secretAccessKey, scope)
            .signature(of: [UInt8](policyBase64.utf8)).hex
    }

    /// The key of a scope.
    func key(_ secretAccessKey: String, _ scope: SigningScope) -> SigningKey {
        let (key, canonical) = state.begin(secretAccessKey, scope)
        state.end(canonical)
        return key
    }

    /// Adds the fields of a request that are signed: all but those that a proxy may change, or that the
    /// transport makes, and `Host`.
    func addHeaders(of request: HTTPRequest, to canonical: inout CanonicalRequest) {
        var hasHost = false
        for field in request.headers.fields where isSigned(field.name) {
            if HTTPHeaders.isSame(field.name, "host") { hasHost = true }
            canonical.headers.append(field.name, field.value)
        }
        if !hasHost { canonical.headers.append("host", request.url.authority) }
        canonical.headers.sort()
    }

    /// What botocore 1.44 leaves out too.
    private static let unsignedNames = [
        "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "traceparent", "tracestate", "trailer", "transfer-encoding",
        "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    private func isSigned(_ name: String) -> Bool {
        if !signsSessionToken, HTTPHeaders.isSame(name, "x-amz-security-token") { return false }
        return !Self.unsignedNames.contains { HTTPHeaders.isSame($0, name) }
    }
}
