extension ObservedStore: BlobPresigner where Base: BlobPresigner {
    /// Signs one request on one blob.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try await observing(.presign(operation, key)) {
            try await base.presign(operation, key, expiresIn: lifetime, options: options)
        }
    }

    /// Signs a form by which a browser uploads one file.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await observing(.presignForm(key)) {
            try await base.presignForm(key, expiresIn: lifetime, conditions: conditions)
        }
    }
}
