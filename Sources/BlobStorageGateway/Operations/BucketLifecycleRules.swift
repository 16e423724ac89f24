internal import BlobStorage
internal import BlobStorageHandler

/// PutBucketLifecycleConfiguration, DeleteBucketLifecycle.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
extension GatewayCall {
    /// A thousand rules with the longest names and prefixes, and a tag or two.
    private static let maximumLifecycleDocumentByteCount = 4 << 20

    func putBucketLifecycle() async throws -> HTTPServerResponse {
        try requireWholeBucket()
        let store = try await store()
        // Whoever sets rules counts on them: where nobody would enforce them, they are refused.
        guard configuration.isLifecycleEnforced else {
            throw GatewayError.notImplemented(Operation.putBucketLifecycle.rawValue)
        }
        try requireDocumentChecksum()
        let document = try LifecycleDocument(
            try await document(upTo: Self.maximumLifecycleDocumentByteCount)
        )
        if store.tagged == nil, document.rules.contains(where: { !$0.tags.isEmpty }) {
            throw GatewayError.notImplemented("\(Operation.putBucketLifecycle.rawValue) with Tag")
        }
        try await configuration.buckets.changeSettings(of: bucket) {
            $0.lifecycleRules = document.rules
        }
        return .empty(200)
    }

    func deleteBucketLifecycle() async throws -> HTTPServerResponse {
        try requireWholeBucket()
        _ = try await store()
        try await configuration.buckets.changeSettings(of: bucket) { $0.lifecycleRules = nil }
        return .empty(204)
    }
}
