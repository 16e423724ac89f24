internal import BlobStorage
internal import BlobStorageHandler
internal import BlobStorageXML

/// PutBucketPolicy, DeleteBucketPolicy; what GetBucketPolicy and GetBucketPolicyStatus answer.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
extension GatewayCall {
    func putBucketPolicy() async throws -> HTTPServerResponse {
        try requireOwner()
        _ = try await store()
        let bytes = try await document(upTo: BucketPolicy.maximumByteCount)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw GatewayError.malformedPolicy("Policies must be valid JSON")
        }
        let policy: BucketPolicy
        do {
            policy = try BucketPolicy(text)
        } catch let error as BlobError {
            throw error.kind == .unsupported
                ? GatewayError.notImplemented(error.message)
                : GatewayError.malformedPolicy(error.message)
        }
        let isForBucket = policy.grants.allSatisfy {
            $0.resource.bucket.utf8.elementsEqual(bucket.utf8)
        }
        guard isForBucket else {
            throw GatewayError.malformedPolicy("Policy has invalid resource")
        }
        try await configuration.buckets.changeSettings(of: bucket) { $0.policy = policy }
        return .empty(204)
    }

    func deleteBucketPolicy() async throws -> HTTPServerResponse {
        try requireOwner()
        _ = try await store()
        try await configuration.buckets.changeSettings(of: bucket) { $0.policy = nil }
        return .empty(204)
    }

    /// Throws unless the caller may do everything in the bucket: who may not read it must not let
    /// everybody read it.
    func requireOwner() throws(GatewayError) {
        for access in GatewayRight.Access.allCases { try requireWholeBucket(access) }
    }
}

extension HTTPServerResponse {
    /// The answer to GetBucketPolicy.
    static func policy(_ policy: BucketPolicy) -> HTTPServerResponse {
        HTTPServerResponse(
            status: 200,
            headers: ["Content-Type": "application/json"],
            body: BlobBody(Array(policy.text.utf8))
        )
    }

    /// The answer to GetBucketPolicyStatus: every policy here lets everybody do something.
    static var policyStatus: HTTPServerResponse {
        .document("PolicyStatus") { $0.element("IsPublic", "true") }
    }
}

extension GatewayError {
    fileprivate static func malformedPolicy(_ message: String) -> GatewayError {
        GatewayError(400, "MalformedPolicy", message)
    }
}
