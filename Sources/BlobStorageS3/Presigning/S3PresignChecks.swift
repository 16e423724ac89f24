internal import BlobStorage

/// What a vendor, or a configuration, can't hold a client to.
struct S3PresignChecks {
    let configuration: S3Configuration
    let vendor: S3Vendor

    /// Throws unless the vendor can do what is signed.
    ///
    /// - Throws: `BlobError` of kind `unsupported`, `invalidArgument` or `tooLarge`.
    func check(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        _ options: PresignOptions
    ) throws {
        try checkConfiguration(key)
        try checkKey(key)
        if let checksum = options.checksum { try self.check(checksum, key) }
        switch (operation, options.condition) {
        case (_, .none): break
        case (.delete, _):
            try require(vendor.canDeleteIfMatches, "If-Match of a delete", key)
        case (_, .ifAbsent): try require(vendor.canPutIfAbsent, "If-None-Match of a put", key)
        case (_, .ifMatches): try require(vendor.canPutIfMatches, "If-Match of a put", key)
        }
        if case .uploadPart(let number, _) = operation {
            let limits = vendor.multipartLimits
            guard number <= limits.maximumPartCount else {
                throw PresignOptions.invalid(
                    "the part's number is \(number); \(vendor.name) has at most "
                        + "\(limits.maximumPartCount)",
                    key
                )
            }
            try check(options.byteCount, atMost: limits.maximumPartByteCount, key)
        } else {
            try check(options.byteCount, atMost: vendor.maximumPutByteCount, key)
        }
    }

    /// Throws unless the vendor can judge a form.
    ///
    /// - Throws: `BlobError` of kind `unsupported` or `tooLarge`.
    func check(_ conditions: UploadFormConditions, _ key: BlobKey) throws {
        try checkConfiguration(key)
        try checkKey(key)
        if let checksum = conditions.checksum { try check(checksum, key) }
        try check(conditions.byteCounts.lowerBound, atMost: vendor.maximumPutByteCount, key)
        try require(!configuration.requesterPays, "a form whose requester pays", key)
    }

    /// A customer's key would have to be given to every client.
    private func checkConfiguration(_ key: BlobKey) throws {
        guard case .customerKey = configuration.encryption else { return }
        throw BlobError(
            .unsupported,
            operation: PresignOptions.operation,
            key: key,
            message: "the store encrypts with a customer key, which every client would have to get"
        )
    }

    private func checkKey(_ key: BlobKey) throws {
        guard !vendor.canHaveNULInKeys, key.text.utf8.contains(0) else { return }
        try require(false, "keys with NUL", key)
    }

    private func check(_ checksum: Checksum, _ key: BlobKey) throws {
        let name = checksum.algorithm.rawValue
        try require(vendor.checksums.contains(checksum.algorithm), "\(name) checksums", key)
    }

    private func check(_ byteCount: Int64?, atMost limit: Int64, _ key: BlobKey) throws {
        guard let byteCount, byteCount > limit else { return }
        throw BlobError(
            .tooLarge,
            operation: PresignOptions.operation,
            key: key,
            message: "one request shall write \(byteCount) bytes; \(vendor.name) takes \(limit)"
        )
    }

    private func require(_ isThere: Bool, _ feature: String, _ key: BlobKey) throws {
        guard !isThere else { return }
        throw BlobError(
            .unsupported,
            operation: PresignOptions.operation,
            key: key,
            message: "\(vendor.name) does not claim \(feature)"
        )
    }
}
