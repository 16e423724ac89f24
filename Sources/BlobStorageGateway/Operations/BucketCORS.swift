internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// PutBucketCors, DeleteBucketCors.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
extension GatewayCall {
    /// A document of S3's greatest size: 64 KiB.
    private static let maximumCORSDocumentByteCount = 64 << 10

    func putBucketCORS() async throws -> HTTPServerResponse {
        try requireWholeBucket()
        _ = try await store()
        try requireDocumentChecksum()
        let document = try CORSDocument(
            try await document(upTo: Self.maximumCORSDocumentByteCount)
        )
        try await configuration.buckets.changeSettings(of: bucket) {
            $0.corsRules = document.rules
        }
        return .empty(200)
    }

    func deleteBucketCORS() async throws -> HTTPServerResponse {
        try requireWholeBucket()
        _ = try await store()
        try await configuration.buckets.changeSettings(of: bucket) { $0.corsRules = nil }
        return .empty(204)
    }
}
