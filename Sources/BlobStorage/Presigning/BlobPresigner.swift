/// Makes requests that carry their own permission, for clients that have no credentials.
///
/// The bytes go straight between the client and the store; the program that signs never sees them.
/// A request that was handed out can't be taken back: it is good until it expires, or until the
/// credentials that signed it do.
///
/// `any BlobStore & BlobPresigner` is a store whose blobs clients can reach by themselves. An
/// `S3Store` is one; any other store becomes one with ``BlobStore/presigned(by:)``.
public protocol BlobPresigner: Sendable {
    /// Signs one request on one blob.
    ///
    /// - Parameters:
    ///   - operation: What the request will do.
    ///   - key: The blob; it need not exist.
    ///   - lifetime: How long the request is good, in whole seconds, from one second to seven days.
    ///   - options: What the signature binds.
    /// - Returns: The request, to be sent exactly so.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the lifetime is out of bounds or an
    ///   option makes no sense for the operation; `unauthenticated` if there are no credentials, or
    ///   they expired; `unsupported` for what the store could not hold the client to.
    /// - Complexity: No request, but what the credentials' own provider needs.
    func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest

    /// Signs a form by which a browser uploads one file, and which bounds the file's size.
    ///
    /// - Parameters:
    ///   - key: The blob to write, or what its key begins with: ``UploadFormConditions/key``.
    ///   - lifetime: How long the form is good, in whole seconds, from one second to seven days.
    ///   - conditions: What an upload must fulfil.
    /// - Returns: The form.
    /// - Throws: ``BlobError`` as ``presign(_:_:expiresIn:options:)`` does.
    /// - Complexity: No request, but what the credentials' own provider needs.
    func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm
}

extension BlobPresigner {
    /// Signs one request on one blob, and binds nothing but the blob.
    ///
    /// - Parameters:
    ///   - operation: What the request will do.
    ///   - key: The blob; it need not exist.
    ///   - lifetime: How long the request is good, in whole seconds, from one second to seven days.
    /// - Returns: The request, to be sent exactly so.
    /// - Throws: ``BlobError`` as ``presign(_:_:expiresIn:options:)`` does.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration
    ) async throws -> PresignedRequest {
        try await presign(operation, key, expiresIn: lifetime, options: PresignOptions())
    }

    /// Signs a form for exactly this key and a file of 1 byte to 5 GiB.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - lifetime: How long the form is good, in whole seconds, from one second to seven days.
    /// - Returns: The form.
    /// - Throws: ``BlobError`` as ``presign(_:_:expiresIn:options:)`` does.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration
    ) async throws -> PresignedForm {
        try await presignForm(key, expiresIn: lifetime, conditions: UploadFormConditions())
    }
}
