package import BlobStorage
import BlobStorageHTTP

extension S3Configuration {
    /// The vendor's profile: the one that is set, else the one of the endpoint's host.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if the endpoint is none.
    package func resolvedVendor() throws -> S3Vendor {
        if let vendor { return vendor }
        return S3Vendor.guess(host: try endpoint.map { try S3EndpointURL($0).host })
    }

    /// Where requests go.
    ///
    /// - Parameter region: The region to take in place of the one that is set: the one that the
    ///   environment or a profile names, or one that the store told.
    /// - Returns: The endpoint of the bucket.
    /// - Throws: `BlobError` of kind `invalidArgument` or `unsupported`.
    package func resolvedEndpoint(region: String? = nil) throws -> S3Endpoint {
        let vendor = try resolvedVendor()
        return try S3EndpointParameters(
            region: region ?? self.region ?? vendor.defaultRegion,
            bucket: bucket,
            customEndpoint: endpoint.map { try S3EndpointURL($0) },
            addressing: addressing ?? vendor.addressing,
            usesDualStack: usesDualStack,
            usesFIPS: usesFIPS,
            usesAcceleration: usesAcceleration
        ).resolve()
    }

    /// The checksum to send with a write.
    ///
    /// - Parameters:
    ///   - asked: What the caller of the write asked for.
    ///   - vendor: The vendor's profile.
    /// - Returns: The algorithm; `nil` sends none.
    package func checksumAlgorithm(
        asked: ChecksumAlgorithm?,
        vendor: S3Vendor
    ) -> ChecksumAlgorithm? {
        if let asked { return asked }
        switch checksum {
        case .automatic: return vendor.defaultChecksum
        case .none: return nil
        case .algorithm(let algorithm): return algorithm
        }
    }

    /// Throws unless everything that is set can be.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` or `unsupported`.
    package func validate() throws {
        let isAWS = endpoint == nil
        if isAWS, let vendor, vendor.name != S3Vendor.aws.name {
            throw Self.invalid("the vendor is \(vendor.name), and no endpoint is set; set it")
        }
        try S3BucketName.validate(bucket, isAWS ? .aws : .lenient)
        if let region { try S3Region.validate(region) }
        if endpoint != nil || region != nil { _ = try resolvedEndpoint() }
        let limits = try resolvedVendor().multipartLimits
        guard limits.maximumPartCount >= 1,
            limits.minimumPartByteCount <= limits.maximumPartByteCount
        else {
            throw Self.invalid(
                "the vendor's limits are \(limits.minimumPartByteCount) to "
                    + "\(limits.maximumPartByteCount) bytes a part and \(limits.maximumPartCount) "
                    + "parts; set limits that allow a part"
            )
        }
        let parts = limits.minimumPartByteCount...limits.maximumPartByteCount
        guard parts.contains(partByteCount) else {
            throw Self.invalid(
                "the part size is \(partByteCount) bytes; it is \(parts.lowerBound) to "
                    + "\(parts.upperBound)"
            )
        }
        guard (1...Self.maximumConcurrency).contains(concurrency) else {
            throw Self.invalid(
                "the concurrency is \(concurrency); it is 1 to \(Self.maximumConcurrency)"
            )
        }
        guard (1...Self.maximumAttemptsLimit).contains(maximumAttempts) else {
            throw Self.invalid(
                "the count of attempts is \(maximumAttempts); it is 1 to "
                    + "\(Self.maximumAttemptsLimit)"
            )
        }
        try validateTexts()
        try validateTimes()
        try validateChecksum()
        try validateSecrecy()
    }

    /// The most attempts that may be configured.
    private static let maximumAttemptsLimit = 20

    private func validateTexts() throws {
        if let storageClass {
            let isName =
                (1...64).contains(storageClass.utf8.count)
                && storageClass.utf8.allSatisfy { $0.isLetterOrDigit || "_-".utf8.contains($0) }
            guard isName else {
                throw Self.invalid(
                    "the storage class has more than letters, digits, hyphens and underscores"
                )
            }
        }
        if case .kms(let keyID?) = encryption {
            guard (1...2_048).contains(keyID.utf8.count),
                keyID.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw Self.invalid("the KMS key's id is empty, too long or has odd characters")
            }
        }
        for (name, text) in [("profile", profile), ("certificate file", certificateFile)] {
            guard let text else { continue }
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw Self.invalid("the \(name) is empty or has a control character")
            }
        }
    }

    private func validateTimes() throws {
        let times = [
            ("operation", operationTimeout), ("connect", connectTimeout), ("idle", idleTimeout),
        ]
        for (name, time) in times where time.map({ $0 <= .zero }) ?? false {
            throw Self.invalid("the \(name) timeout is not above zero")
        }
    }

    private func validateChecksum() throws {
        let vendor = try resolvedVendor()
        guard case .algorithm(let algorithm) = checksum, !vendor.checksums.contains(algorithm)
        else {
            return
        }
        throw BlobError(
            .unsupported,
            operation: "open",
            message: "the checksum \(algorithm.rawValue) is set; \(vendor.name) keeps "
                + (vendor.checksums.isEmpty
                    ? "none" : vendor.checksums.map(\.rawValue).sorted().joined(separator: ", "))
        )
    }

    /// A customer's key goes over TLS alone; AWS refuses it otherwise, others would take it.
    private func validateSecrecy() throws {
        guard case .customerKey = encryption, let endpoint,
            try S3EndpointURL(endpoint).scheme == .http
        else { return }
        throw Self.invalid("a customer key is set and the endpoint is http://; the key needs https")
    }

    private static func invalid(_ message: String) -> BlobError {
        S3EndpointParameters.invalid(message)
    }
}
