public import BlobStorage
internal import BlobStorageAWS

/// The store signs for the region that it found the bucket in, by the clock of the server as far as
/// that is known. It sends no request for that.
extension S3Store: BlobPresigner {
    /// Signs one request on one blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try await client.presigning.presign(
            operation,
            key,
            expiresIn: lifetime,
            options: options,
            place: presignPlace,
            now: client.aws.correctedNow
        )
    }

    /// Signs a form by which a browser uploads one file.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await client.presigning.presignForm(
            key,
            expiresIn: lifetime,
            conditions: conditions,
            place: presignPlace,
            now: client.aws.correctedNow
        )
    }

    private var presignPlace: S3PresignPlace {
        S3PresignPlace(endpoint: client.currentEndpoint, vendor: vendor, tags: writeTags)
    }
}
