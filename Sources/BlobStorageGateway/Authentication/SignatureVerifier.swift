internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageCrypto
internal import BlobStorageHandler
internal import Foundation

/// Verifies signatures against the access keys.
struct SignatureVerifier: Sendable {
    /// A key whose signature was right.
    struct Verified: Sendable {
        let key: GatewayAccessKey
        /// Verifies the chunks that follow.
        let chunkSigner: ChunkSigner
    }

    /// By the bytes of their ids: `String` would call two spellings of "é" equal.
    private let keys: [[UInt8]: GatewayAccessKey]
    private let region: String
    private let state: SigningState
    /// What signatures of unknown keys are compared with, so that they take as long as others.
    private let decoySecret: String

    /// How far a clock may be off, as S3 has it.
    static let skewSeconds = 900.0

    init(_ accessKeys: [GatewayAccessKey], region: String) {
        keys = Dictionary(accessKeys.map { ([UInt8]($0.credentials.accessKeyID.utf8), $0) }) {
            first,
            _ in first
        }
        self.region = region
        // Each key has one signing key today and, around midnight, one of another day.
        state = SigningState(maximumKeyCount: min(2 * accessKeys.count + 2, 64))
        decoySecret = String(repeating: "=", count: 40)
    }

    /// Verifies a request that is signed by header or by query.
    ///
    /// - Parameters:
    ///   - claim: What the request says of its signature.
    ///   - request: The request.
    ///   - payloadHash: What stands for the body in the canonical request.
    ///   - now: The time.
    /// - Returns: The key, and what verifies the chunks of the body.
    /// - Throws: `GatewayError`. As at S3, an old date is told to anybody; what is wrong with a token
    ///   only to whoever has the secret.
    func verify(
        _ claim: SignatureClaim,
        _ request: GatewayRequest,
        payloadHash: String,
        at now: Date
    ) throws(GatewayError) -> Verified {
        try checkRegion(claim)
        let values = Self.values(of: request.headers)
        try checkNames(claim, request.headers, values)
        try checkDate(claim, at: now)
        let key = keys[[UInt8](claim.accessKeyID.utf8)]
        let scope = SigningScope(at: claim.date, region: region, service: "s3")
        var (signingKey, canonical) = state.begin(
            key?.credentials.secretAccessKey ?? decoySecret,
            scope
        )
        defer { state.end(canonical) }
        for name in claim.signedHeaders {
            for value in values[name] ?? [] { canonical.headers.append(name, value) }
        }
        if let query = request.query {
            if case .query = claim.place {
                canonical.query.append(encoded: query, leavingOut: "X-Amz-Signature")
            } else {
                canonical.query.append(encoded: query)
            }
        }
        canonical.build(
            method: request.method,
            path: request.path,
            pathStyle: .verbatim,
            payloadHash: payloadHash
        )
        canonical.buildStringToSign(scope)
        let expected = signingKey.signature(of: canonical.stringToSign)
        let isRight = Self.isRight(claim, expected)
        guard let key else { throw .unknownAccessKey(claim.accessKeyID) }
        guard isRight else { throw Self.mismatch(claim, canonical) }
        try checkToken(key, claim.token, at: now)
        return Verified(
            key: key,
            chunkSigner: ChunkSigner(key: signingKey, scope: scope, seed: expected)
        )
    }

    /// Verifies the policy of a form.
    func verify(
        _ claim: SignatureClaim,
        policy: String,
        token: String?,
        at now: Date
    ) throws(GatewayError) -> GatewayAccessKey {
        try checkRegion(claim)
        try checkDate(claim, at: now)
        let key = keys[[UInt8](claim.accessKeyID.utf8)]
        let scope = SigningScope(at: claim.date, region: region, service: "s3")
        let (signingKey, canonical) = state.begin(
            key?.credentials.secretAccessKey ?? decoySecret,
            scope
        )
        state.end(canonical)
        let isRight = Self.isRight(claim, signingKey.signature(of: [UInt8](policy.utf8)))
        guard let key else { throw .unknownAccessKey(claim.accessKeyID) }
        guard isRight else {
            var error = GatewayError.signatureDoesNotMatch
            error.details = [("AWSAccessKeyId", claim.accessKeyID), ("StringToSign", policy)]
            throw error
        }
        try checkToken(key, token, at: now)
        return key
    }

    private static func isRight(_ claim: SignatureClaim, _ expected: SHA256Digest) -> Bool {
        var digits: [UInt8] = []
        expected.appendHex(to: &digits)
        return ConstantTime.isEqual(digits, claim.signature)
    }

    private func checkRegion(_ claim: SignatureClaim) throws(GatewayError) {
        guard !UTF8Order.equal(claim.region, region) else { return }
        var error = SignatureClaim.malformed(
            claim.place,
            "the region '\(claim.region)' is wrong; expecting '\(region)'"
        )
        error.details = [("Region", region)]
        throw error
    }

    /// The values of fields by their names in lower case: a stranger may send thousands of fields, and name
    /// thousands, so that nobody can look for each among all.
    private static func values(of headers: HTTPHeaders) -> [String: [String]] {
        var values: [String: [String]] = [:]
        for field in headers.fields {
            values[field.name.lowercasedASCII, default: []].append(field.value)
        }
        return values
    }

    /// What S3 wants to be signed: the host, and every `x-amz-*` field.
    private func checkNames(
        _ claim: SignatureClaim,
        _ headers: HTTPHeaders,
        _ values: [String: [String]]
    ) throws(GatewayError) {
        for name in claim.signedHeaders {
            let count = values[name]?.count ?? 0
            guard count > 0 else {
                var error = GatewayError.signatureDoesNotMatch
                error.message += " The signed header \"\(name)\" was not sent."
                throw error
            }
            // One field `a, b` and two fields `a` and `b` have one signature, but not one meaning.
            guard count == 1 || !Self.isSingle(name) else {
                throw GatewayError(400, "InvalidArgument", "The header \"\(name)\" is there twice")
            }
        }
        let signed = Set(claim.signedHeaders)
        let first = headers.fields.lazy.map(\.name.lowercasedASCII).first { name in
            HTTPHeaders.isAmazon(name) && name != "x-amz-content-sha256" && !signed.contains(name)
        }
        guard let first else { return }
        var error = GatewayError.accessDenied(
            "There were headers present in the request which were not signed"
        )
        error.details = [("HeadersNotSigned", first)]
        throw error
    }

    private static func isSingle(_ name: String) -> Bool {
        ["host", "range", "authorization", "date", "cache-control", "expires"].contains(name)
            || ["x-amz-", "content-", "if-"].contains { name.utf8.starts(with: $0.utf8) }
    }

    private func checkDate(_ claim: SignatureClaim, at now: Date) throws(GatewayError) {
        let age = now.timeIntervalSince(claim.date)
        switch claim.place {
        case .header:
            guard abs(age) <= Self.skewSeconds else {
                var error = GatewayError(
                    403,
                    "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large."
                )
                error.details = [
                    ("RequestTime", AWSDate.basic(claim.date)),
                    ("ServerTime", AWSDate.extended(now)),
                    ("MaxAllowedSkewMilliseconds", "900000"),
                ]
                throw error
            }
        case .query(let expirySeconds):
            try checkIsBegun(age)
            guard age <= Double(expirySeconds) else {
                var error = GatewayError.accessDenied("Request has expired")
                let end = claim.date.addingTimeInterval(Double(expirySeconds))
                error.details = [
                    ("X-Amz-Expires", "\(expirySeconds)"), ("Expires", AWSDate.extended(end)),
                    ("ServerTime", AWSDate.extended(now)),
                ]
                throw error
            }
        case .form:
            // How long it is good says the policy.
            try checkIsBegun(age)
        }
    }

    private func checkIsBegun(_ age: Double) throws(GatewayError) {
        guard age >= -Self.skewSeconds else {
            throw .accessDenied("Request is not valid yet")
        }
    }

    private func checkToken(
        _ key: GatewayAccessKey,
        _ token: String?,
        at now: Date
    ) throws(GatewayError) {
        if let expected = key.credentials.sessionToken {
            guard let token, ConstantTime.isEqual(token, expected) else { throw .invalidToken }
        } else if token != nil {
            throw .invalidToken
        }
        if let end = key.credentials.expiration, end <= now { throw .expiredToken }
    }

    /// Tells what was signed here, so that whoever writes a client finds the difference; a session
    /// token is not repeated.
    private static func mismatch(
        _ claim: SignatureClaim,
        _ canonical: CanonicalRequest
    ) -> GatewayError {
        var error = GatewayError.signatureDoesNotMatch
        error.details = [
            ("AWSAccessKeyId", claim.accessKeyID),
            ("StringToSign", String(decoding: canonical.stringToSign, as: UTF8.self)),
            ("SignatureProvided", String(decoding: claim.signature, as: UTF8.self)),
        ]
        if claim.token == nil {
            let text = String(decoding: canonical.bytes, as: UTF8.self)
            error.details.append(("CanonicalRequest", text))
        }
        return error
    }
}
