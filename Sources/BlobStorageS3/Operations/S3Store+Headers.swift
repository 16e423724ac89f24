internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageCrypto
internal import BlobStorageHTTP
internal import Foundation

extension S3Store {
    /// Adds what every request says that gives a blob its attributes.
    func addWriteHeaders(
        _ headers: ContentHeaders,
        _ metadata: BlobMetadata,
        _ operation: String,
        to call: inout S3Call
    ) throws {
        guard let key = call.key else { return }
        if !vendor.canHaveNULInKeys, key.text.utf8.contains(0) {
            throw unsupported(.nulInKeys, operation, key)
        }
        call.headers.add(headers, for: key)
        try call.headers.add(metadata, operation: operation, key: key)
        call.headers.add(client.serviceHeaders.write)
    }

    /// Adds the checksum that S3 wants of a document that changes something.
    func addDocumentChecksum(of document: [UInt8], to headers: inout HTTPHeaders) throws {
        if let algorithm = vendor.defaultChecksum {
            headers.addSent(Checksum.of(document, algorithm))
        } else {
            let digest = try DigestAlgorithm.md5.digest(of: document)
            headers.append("content-md5", Data(digest).base64EncodedString())
        }
    }

    /// The checksum to send with the parts of a blob.
    ///
    /// What is set for all blobs gives way to one that can be kept for the whole of the parts.
    func multipartAlgorithm(asked: ChecksumAlgorithm?) -> ChecksumAlgorithm? {
        let chosen = configuration.checksumAlgorithm(asked: asked, vendor: vendor)
        guard let chosen else { return nil }
        let kept = vendor.multipartChecksums
        return [chosen, vendor.defaultChecksum].compactMap(\.self).first(where: kept.contains)
    }

    /// Throws unless the vendor can decide a condition on a write.
    func require(_ condition: WriteCondition, _ operation: String, _ key: BlobKey) throws {
        let feature: Capabilities.Feature? =
            switch (condition, operation) {
            case (.none, _): nil
            case (.ifMatches, "delete"): .deleteIfMatches
            case (.ifAbsent, _): .putIfAbsent
            default: .putIfMatches
            }
        guard let feature, !capabilities.features.contains(feature) else { return }
        throw unsupported(feature, operation, key)
    }

    /// The error of a feature that the vendor lacks.
    func unsupported(
        _ feature: Capabilities.Feature,
        _ operation: String,
        _ key: BlobKey
    ) -> BlobError {
        BlobError(
            .unsupported,
            operation: operation,
            key: key,
            message:
                "\(vendor.name) does not claim \(feature.rawValue); doctor() finds out what an "
                + "endpoint can do"
        )
    }
}

extension HTTPHeaders {
    /// Adds a checksum, and says so twice: some stores check one only if it is announced.
    mutating func addSent(_ checksum: Checksum) {
        add(checksum)
        append("x-amz-sdk-checksum-algorithm", S3Checksums.name(checksum.algorithm))
    }
}

extension HTTPResponse {
    /// The etag of what was written.
    func etag() throws(AWSFailure) -> ETag {
        guard let text = headers["etag"], !text.isEmpty else {
            throw AWSFailure(.badAnswer("the answer has no ETag"))
        }
        return ETag(text)
    }
}
