internal import BlobStorageAWS
internal import BlobStorageHandler

/// What pages of other origins may do with one bucket.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
/// - SeeAlso: https://fetch.spec.whatwg.org/#http-cors-protocol
struct CORSPolicy: Sendable {
    /// The rules in order, the bucket's own first.
    let rules: [CORSRule]

    /// - Parameters:
    ///   - rules: The rules by bucket; those of the empty name are for every bucket.
    ///   - bucket: The bucket; `nil` for the service itself.
    ///   - own: The rules that clients have set for the bucket, which go before the others; those that
    ///     can't be read allow nothing.
    init(_ rules: [String: [CORSRule]], bucket: String?, own: [CORSRule]? = nil) {
        var found: [CORSRule] = []
        if let bucket, !bucket.isEmpty { found = rules[bucket] ?? [] }
        self.rules = (own ?? []) + found + (rules[""] ?? [])
    }

    /// The headers that answer a preflight request (`OPTIONS` with an origin).
    ///
    /// - Throws: `GatewayError` if the request isn't one, or no rule allows what it asks.
    func preflight(_ request: HTTPHeaders) throws(GatewayError) -> HTTPHeaders {
        guard let origin = request["Origin"] else {
            throw GatewayError(
                400,
                "BadRequest",
                "Insufficient information. Origin request header needed."
            )
        }
        guard let method = request["Access-Control-Request-Method"],
            CORSRule.knownMethods.contains(method)
        else {
            throw GatewayError(
                400,
                "BadRequest",
                "Invalid Access-Control-Request-Method: "
                    + (request["Access-Control-Request-Method"] ?? "null")
            )
        }
        guard !rules.isEmpty else {
            throw Self.forbidden("CORSResponse: CORS is not enabled for this bucket.")
        }
        let names = Self.names(request.values(of: "Access-Control-Request-Headers"))
        let rule = rules.first { rule in
            rule.allows(origin: origin, method: method) && names.allSatisfy(rule.allows(header:))
        }
        guard let rule else {
            throw Self.forbidden(
                "CORSResponse: This CORS request is not allowed. This is usually because the "
                    + "evalution of Origin, request method / Access-Control-Request-Method or "
                    + "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
            )
        }
        var headers = rule.originHeaders(origin)
        headers["Access-Control-Allow-Methods"] = rule.methods.sorted().joined(separator: ", ")
        if !names.isEmpty {
            headers["Access-Control-Allow-Headers"] = names.joined(separator: ", ")
        }
        if let seconds = rule.maximumAgeSeconds {
            headers["Access-Control-Max-Age"] = "\(seconds)"
        }
        headers["Vary"] = Self.vary
        return headers
    }

    /// The headers that an answer gets besides its own.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - request: The request's headers.
    ///   - answer: The answer's own headers, of which some are shown to the page.
    /// - Returns: The headers to add; none without rules.
    func headers(method: String, request: HTTPHeaders, answer: HTTPHeaders) -> HTTPHeaders {
        guard !rules.isEmpty else { return HTTPHeaders() }
        var headers = HTTPHeaders()
        if let origin = request["Origin"],
            let rule = rules.first(where: { $0.allows(origin: origin, method: method) })
        {
            headers = rule.originHeaders(origin)
            let names = rule.exposedNames(of: answer)
            if !names.isEmpty {
                headers["Access-Control-Expose-Headers"] = names.joined(separator: ", ")
            }
        }
        // A cache must not give one origin's answer to another, nor one without to any.
        headers["Vary"] = Self.vary
        return headers
    }

    static let vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
    /// The most headers that a page may ask for.
    private static let maximumNameCount = 100

    private static func names(_ values: [String]) -> [String] {
        var names: [String] = []
        for value in values {
            for item in value.utf8.split(separator: UInt8(ascii: ",")) {
                let bytes = item.filter { $0 != 0x20 && $0 != 0x09 }
                    .map(HeaderParameters.lowerCase)
                if !bytes.isEmpty { names.append(String(decoding: bytes, as: UTF8.self)) }
            }
        }
        // More than anybody sends are answered by none, which no rule without `*` allows.
        return names.count <= maximumNameCount ? names : ["\n"]
    }

    private static func forbidden(_ message: String) -> GatewayError {
        GatewayError(403, "AccessForbidden", message)
    }
}
