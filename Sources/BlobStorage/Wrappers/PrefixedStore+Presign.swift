extension PrefixedStore: BlobPresigner where Base: BlobPresigner {
    /// Signs one request on one blob behind the prefix.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        let name = try keyPrefix.adding(to: key, operation: PresignOptions.operation)
        do {
            return try await base.presign(operation, name, expiresIn: lifetime, options: options)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }

    /// Signs a form by which a browser uploads one file behind the prefix.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        let name = try keyPrefix.adding(to: key, operation: PresignOptions.operation)
        do {
            return try await base.presignForm(name, expiresIn: lifetime, conditions: conditions)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }
}
