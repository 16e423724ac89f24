internal import BlobStorage
public import BlobStorageAWS
internal import BlobStorageHTTP

/// What pages of other origins may do with the bucket: without it, a browser can't use a presigned
/// URL.
extension S3Store {
    /// Replaces the bucket's rules for pages of other origins.
    ///
    /// The rules are the whole bucket's, also if this store is only used under a prefix. On AWS it
    /// takes the permission `s3:PutBucketCORS`. MinIO has such rules for the whole server alone, and
    /// Google Cloud Storage speaks another dialect; both refuse.
    ///
    /// - Parameter rules: All rules, at most 100; the first one that fits a request counts. None
    ///   removes them.
    /// - Throws: `BlobError` of kind `invalidArgument` for a rule that S3 does not take;
    ///   `permissionDenied`, `unsupported`.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
    public func setCORSRules(_ rules: [CORSRule]) async throws {
        let operation = "setCORSRules"
        guard !rules.isEmpty else {
            let call = S3Call("DeleteBucketCors", .delete, query: [("cors", nil)])
            return try await perform(call, operation) { _ in }
        }
        if let problem = Self.problem(of: rules) {
            throw BlobError(.invalidArgument, operation: operation, message: problem)
        }
        let document = S3Documents.cors(rules)
        var call = S3Call("PutBucketCors", .put, query: [("cors", nil)], body: .bytes(document))
        call.headers["Content-Type"] = "application/xml"
        try addDocumentChecksum(of: document, to: &call.headers)
        try await perform(call, operation) { _ in }
    }

    /// Reads the bucket's rules for pages of other origins.
    ///
    /// - Returns: The rules in their order; none if the bucket has none.
    /// - Throws: `BlobError` of kind `permissionDenied`, `unsupported`, `storeNotFound`.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
    public func corsRules() async throws -> [CORSRule] {
        let call = S3Call("GetBucketCors", .get, query: [("cors", nil)])
        do {
            return try await perform(call, "corsRules") { response in
                try S3CORSAnswer(try await response.document(), head: S3AnswerHead(response)).rules
            }
        } catch let error as BlobError where error.remote?.code == "NoSuchCORSConfiguration" {
            return []
        }
    }

    /// What S3 would refuse, without telling which of the rules it means.
    private static func problem(of rules: [CORSRule]) -> String? {
        guard rules.count <= CORSRule.maximumCount else {
            return "there are \(rules.count) rules; a bucket takes \(CORSRule.maximumCount)"
        }
        for (index, rule) in rules.enumerated() {
            if let problem = problem(of: rule) { return "rule \(index + 1) \(problem)" }
        }
        return nil
    }

    private static func problem(of rule: CORSRule) -> String? {
        func starCount(_ text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "*") } }
        let texts = rule.origins + rule.allowedHeaders + rule.exposedHeaders
        let isPlain = texts.allSatisfy { text in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
        guard isPlain else { return "has a text that is empty or no printable ASCII" }
        guard !rule.origins.isEmpty, !rule.methods.isEmpty else {
            return "has no origin or no method"
        }
        guard rule.methods.isSubset(of: CORSRule.knownMethods) else {
            let known = CORSRule.knownMethods.sorted().joined(separator: ", ")
            return "has a method other than \(known)"
        }
        guard (rule.origins + rule.allowedHeaders).allSatisfy({ starCount($0) <= 1 }) else {
            return "has an origin or an allowed header with more than one *"
        }
        guard rule.exposedHeaders.allSatisfy({ starCount($0) == 0 }) else {
            return "has an exposed header with a *; a bucket takes names alone"
        }
        return nil
    }
}
