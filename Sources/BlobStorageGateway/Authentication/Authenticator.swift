internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageCrypto
internal import BlobStorageHandler
internal import Foundation

/// Finds out who sent a request, from its head alone.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
struct Authenticator: Sendable {
    private let verifier: SignatureVerifier
    private let anonymousRights: [GatewayRight]
    private let time: TimeSource

    init(_ configuration: S3GatewayConfiguration, time: TimeSource) {
        verifier = SignatureVerifier(configuration.accessKeys, region: configuration.region)
        anonymousRights = configuration.anonymousRights
        self.time = time
    }

    /// Verifies a request's signature, if it has one, and says how its body is to be read.
    ///
    /// No byte of the body is read.
    ///
    /// - Parameters:
    ///   - request: The request; forms (``PostFormReader``) have their own way.
    ///   - isOpen: Whether there may be something that anybody may do without a right.
    /// - Returns: Who it is, and the body as they meant it.
    /// - Throws: `GatewayError` as S3 tells it.
    func authenticate(
        _ request: GatewayRequest,
        isOpen: Bool = false
    ) throws(GatewayError) -> Caller {
        let now = time.now()
        switch try Self.mechanism(of: request) {
        case .none:
            guard isOpen || !anonymousRights.isEmpty else {
                throw .accessDenied("Access Denied")
            }
            let hash = try PayloadHash(request.headers["x-amz-content-sha256"]) ?? .unsigned
            return try Caller(
                rights: anonymousRights,
                accessKeyID: nil,
                request: request,
                headers: request.headers,
                payload: hash,
                chunkSigner: nil
            )
        case .header(let authorization):
            guard let text = request.headers["x-amz-content-sha256"] else {
                throw .missingHeader("x-amz-content-sha256")
            }
            let claim = try SignatureClaim(authorization: authorization, headers: request.headers)
            return try caller(
                claim,
                request,
                headers: request.headers,
                hash: try PayloadHash(text),
                at: now
            )
        case .query:
            let claim = try SignatureClaim(query: request.parameters)
            let headers = request.headers.addingSignedParameters(of: request.parameters)
            return try caller(
                claim,
                request,
                headers: headers,
                hash: try PayloadHash(headers["x-amz-content-sha256"]),
                at: now
            )
        }
    }

    /// Verifies a form's policy.
    ///
    /// - Parameter fields: The fields of the form.
    /// - Returns: Who signed it; no id if the form has neither policy nor signature.
    /// - Throws: `GatewayError` as S3 tells it.
    func authenticate(form fields: FormFields) throws(GatewayError) -> (
        rights: [GatewayRight], accessKeyID: String?
    ) {
        guard let claim = try SignatureClaim(form: fields) else {
            guard !anonymousRights.isEmpty else { throw .accessDenied("Access Denied") }
            return (anonymousRights, nil)
        }
        let key = try verifier.verify(
            claim,
            policy: fields["policy"] ?? "",
            token: fields["x-amz-security-token"],
            at: time.now()
        )
        return (key.rights, key.credentials.accessKeyID)
    }

    private func caller(
        _ claim: SignatureClaim,
        _ request: GatewayRequest,
        headers: HTTPHeaders,
        hash: PayloadHash?,
        at now: Date
    ) throws(GatewayError) -> Caller {
        let payload = hash ?? .unsigned
        let verified = try verifier.verify(claim, request, payloadHash: payload.text, at: now)
        return try Caller(
            rights: verified.key.rights,
            accessKeyID: verified.key.credentials.accessKeyID,
            request: request,
            headers: headers,
            payload: payload,
            chunkSigner: verified.chunkSigner
        )
    }

    private enum Mechanism {
        case none
        case header(String)
        case query
    }

    /// Where the signature stands.
    private static func mechanism(of request: GatewayRequest) throws(GatewayError) -> Mechanism {
        let fields = request.headers.values(of: "Authorization")
        let isQuery = SignatureClaim.parameterNames.contains(where: request.parameters.contains)
        let isOldQuery =
            request.parameters.contains("AWSAccessKeyId")
            || (request.parameters.contains("Signature") && request.parameters.contains("Expires"))
        guard fields.count + (isQuery ? 1 : 0) + (isOldQuery ? 1 : 0) <= 1 else {
            throw GatewayError(
                400,
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
                    + "Signature query string parameter or the Authorization header should be "
                    + "specified"
            )
        }
        if isOldQuery { throw .oldSignature }
        if isQuery { return .query }
        guard let authorization = fields.first else { return .none }
        return .header(authorization)
    }
}

extension HTTPHeaders {
    /// Adds the parameters of a presigned URL that stand for header fields: some clients move
    /// `x-amz-meta-…`, checksums and more into the query, where the signature covers them too.
    ///
    /// A header that was sent counts more; it must be signed as well.
    func addingSignedParameters(of parameters: QueryParameters) -> HTTPHeaders {
        var headers = self
        for pair in parameters.pairs where Self.isMoved(pair.name) && self[pair.name] == nil {
            headers.append(pair.name, pair.value)
        }
        return headers
    }

    /// Whether a name begins with `x-amz-`, in any case.
    static func isAmazon(_ name: String) -> Bool {
        let prefix = "x-amz-".utf8
        return name.utf8.count > prefix.count
            && name.utf8.prefix(prefix.count).elementsEqual(prefix) {
                HeaderParameters.lowerCase($0) == $1
            }
    }

    private static func isMoved(_ name: String) -> Bool {
        isAmazon(name)
            && !SignatureClaim.allParameterNames.contains { isSame($0, name) }
    }
}
