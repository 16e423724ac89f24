internal import BlobStorageAWS
internal import BlobStorageXML

/// The document of `PutBucketCors`.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
struct CORSDocument: Sendable {
    let rules: [CORSRule]

    /// - Throws: `GatewayError` if it is no such document, or has a rule that S3 refuses.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        let root = try XMLNode.request(bytes, root: "CORSConfiguration")
        let nodes = root.children(named: "CORSRule")
        guard (1...CORSRule.maximumCount).contains(nodes.count) else { throw .malformedXML }
        var rules: [CORSRule] = []
        for node in nodes { rules.append(try Self.rule(node)) }
        self.rules = rules
    }

    private static func rule(_ node: XMLNode) throws(GatewayError) -> CORSRule {
        func texts(_ name: StaticString) -> [String] {
            node.children(named: name).map { $0.text.trimmed }
        }
        let (origins, methods) = (texts("AllowedOrigin"), texts("AllowedMethod"))
        let (allowed, exposed) = (texts("AllowedHeader"), texts("ExposeHeader"))
        guard !origins.isEmpty, !methods.isEmpty else { throw .malformedXML }
        for method in methods where !CORSRule.knownMethods.contains(method) {
            throw .invalidRequest(
                "Found unsupported HTTP method in CORS config. Unsupported method is \(method)"
            )
        }
        try refuse(origins, "AllowedOrigin")
        try refuse(allowed, "AllowedHeader")
        try refuse(exposed, "ExposeHeader", mayHaveStar: false)
        var age: Int?
        if let text = node.child("MaxAgeSeconds")?.text.trimmed {
            guard let seconds = text.decimal, seconds <= Int64(Int32.max) else {
                throw .malformedXML
            }
            age = Int(seconds)
        }
        return CORSRule(
            origins: origins,
            methods: Set(methods),
            allowedHeaders: allowed,
            exposedHeaders: exposed,
            maximumAgeSeconds: age
        )
    }

    /// Throws for an empty text, one that no header can carry, and for more wildcards than there may be.
    private static func refuse(
        _ texts: [String],
        _ name: String,
        mayHaveStar: Bool = true
    ) throws(GatewayError) {
        for text in texts {
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .malformedXML
            }
            let starCount = text.utf8.count { $0 == UInt8(ascii: "*") }
            guard starCount == 0 || mayHaveStar else {
                throw .invalidRequest(
                    "\(name) \"\(text)\" contains wildcard. We currently do not support wildcard for "
                        + "\(name)."
                )
            }
            guard starCount <= 1 else {
                throw .invalidRequest("\(name) \"\(text)\" can not have more than one wildcard.")
            }
        }
    }
}
