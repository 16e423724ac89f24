/// A request is signed for the store that answers it: reads for the one that has the blob, for which
/// both may have to be asked; writes for the new one.
extension MigratingStore: BlobPresigner where Old: BlobPresigner, New: BlobPresigner {
    /// Signs one request on one blob.
    ///
    /// - Throws: ``BlobError`` of kind `unsupported` for a delete, since a request reaches one store
    ///   alone, and for a write while both stores are written to; `alreadyExists` for a put with
    ///   `.ifAbsent` of a blob that the old store has.
    /// - Complexity: A request or two for a read or for a condition.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try options.validate(for: operation, key: key)
        var options = options
        switch operation {
        case .get, .head:
            let isInNew = try await newAttributes(key) != nil
            let presigner: any BlobPresigner
            if isInNew { presigner = new } else { presigner = try await oldPresigner(key) }
            return try await presigner.presign(
                operation,
                key,
                expiresIn: lifetime,
                options: options
            )
        case .delete:
            throw unsupported("a client can't delete a blob in both stores by one request", key)
        case .put, .uploadPart:
            try refuseWritesToBoth(key)
            options.condition = try await decide(options.condition, key, PresignOptions.operation)
            return try await new.presign(operation, key, expiresIn: lifetime, options: options)
        }
    }

    /// Signs a form by which a browser uploads one file to the new store.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try refuseWritesToBoth(key)
        return try await new.presignForm(key, expiresIn: lifetime, conditions: conditions)
    }

    /// The old store if it has the blob, else the new one.
    private func oldPresigner(_ key: BlobKey) async throws -> any BlobPresigner {
        do {
            _ = try await old.head(key, options: HeadOptions())
            return old
        } catch let error as BlobError where error.kind == .notFound {
            return new
        }
    }

    private func refuseWritesToBoth(_ key: BlobKey) throws {
        guard writes.isBoth else { return }
        throw unsupported(
            "both stores are written to, and a client's request reaches one alone; "
                + "write to the new store only",
            key
        )
    }

    private func unsupported(_ message: String, _ key: BlobKey) -> BlobError {
        BlobError(.unsupported, operation: PresignOptions.operation, key: key, message: message)
    }
}
