package import BlobStorage
import BlobStorageAWS
package import BlobStorageHandler
import Foundation

/// The headers that options become.
extension HTTPHeaders {
    /// Adds the headers that describe the content; the media type is always sent.
    package mutating func add(_ headers: ContentHeaders, for key: BlobKey) {
        for (name, value) in headers.resolved(for: key).fields { append(name, value) }
    }

    /// Adds the user's own pairs as `x-amz-meta-…`.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if they have more than 2 KiB once they are
    ///   encoded, which is S3's limit.
    package mutating func add(
        _ metadata: BlobMetadata,
        operation: String,
        key: BlobKey
    ) throws {
        var byteCount = 0
        for (name, value) in metadata.pairs {
            let text = S3MetadataEncoding.encode(value)
            byteCount += name.utf8.count + text.utf8.count
            append(S3Header.metadataPrefix + name, text)
        }
        guard byteCount <= BlobMetadata.maximumByteCount else {
            throw BlobError(
                .invalidArgument,
                operation: operation,
                key: key,
                message: "the metadata has \(byteCount) bytes as S3 keeps it, where a byte that is "
                    + "not plain ASCII takes three; at most \(BlobMetadata.maximumByteCount)"
            )
        }
    }

    /// Adds the condition of a write.
    package mutating func add(_ condition: WriteCondition) {
        switch condition {
        case .none: break
        case .ifAbsent: append("if-none-match", "*")
        case .ifMatches(let etag): append("if-match", etag.text)
        }
    }

    /// Adds the condition on a copy's destination, as the vendor wants it.
    ///
    /// - Throws: `BlobError` of kind `unsupported` if the vendor takes none.
    package mutating func add(
        _ condition: WriteCondition,
        ofCopyTo key: BlobKey,
        vendor: S3Vendor
    ) throws {
        guard condition != .none else { return }
        switch vendor.copyCondition {
        case .standard: add(condition)
        case .cloudflare:
            var plain = HTTPHeaders()
            plain.add(condition)
            for field in plain.fields { append("cf-copy-destination-\(field.name)", field.value) }
        case .none:
            throw BlobError(
                .unsupported,
                operation: "copy",
                key: key,
                message: "\(vendor.name) has no condition on the destination of a copy"
            )
        }
    }

    /// Adds the conditions of a read.
    package mutating func add(_ conditions: ReadConditions) {
        add(conditions, prefix: "")
    }

    /// Adds what is copied, and the conditions on it.
    ///
    /// - Parameters:
    ///   - source: The key to copy.
    ///   - bucket: The bucket that has it.
    ///   - versionID: The version to copy; `nil` copies the latest.
    ///   - conditions: What must be true of it.
    package mutating func addCopySource(
        _ source: BlobKey,
        bucket: String,
        versionID: String? = nil,
        conditions: ReadConditions
    ) {
        var text = S3PathEncoding.component(bucket) + "/" + S3PathEncoding.path(source.text)
        if let versionID { text += "?versionId=" + S3PathEncoding.component(versionID) }
        append("x-amz-copy-source", text)
        add(conditions, prefix: "x-amz-copy-source-")
    }

    private mutating func add(_ conditions: ReadConditions, prefix: String) {
        if let etag = conditions.ifMatches { append(prefix + "if-match", etag.text) }
        if let etag = conditions.ifNoneMatches { append(prefix + "if-none-match", etag.text) }
        // RFC 9110, section 13.2.2: an etag goes before a date. Some stores look at both all the same.
        if conditions.ifNoneMatches == nil, let date = conditions.modifiedSince {
            append(prefix + "if-modified-since", HTTPDate.text(date))
        }
        if conditions.ifMatches == nil, let date = conditions.unmodifiedSince {
            append(prefix + "if-unmodified-since", HTTPDate.text(date))
        }
    }

    /// Adds the range of a read.
    ///
    /// - SeeAlso: RFC 9110, section 14.1.2
    package mutating func add(_ range: ByteRange) {
        append("range", S3Header.range(range))
    }

    /// Adds a checksum that the body must have.
    package mutating func add(_ checksum: Checksum) {
        append(S3Checksums.header(checksum.algorithm), checksum.base64)
    }

    /// Adds the checksum that the store shall compute over the whole of a multipart upload.
    ///
    /// - Parameter algorithm: One of the vendor's `multipartChecksums`: AWS combines only the CRCs
    ///   from parts, a gateway hashes the whole by any.
    package mutating func addMultipartChecksum(_ algorithm: ChecksumAlgorithm) {
        append("x-amz-checksum-algorithm", S3Checksums.name(algorithm))
        append("x-amz-checksum-type", "FULL_OBJECT")
    }
}

/// Names and texts of S3's headers.
package enum S3Header {
    /// What the names of the user's own pairs begin with.
    static let metadataPrefix = "x-amz-meta-"

    /// The value of `Range` or `x-amz-copy-source-range`.
    package static func range(_ range: ByteRange) -> String {
        switch range {
        case .bounded(let bounds): "bytes=\(bounds.lowerBound)-\(bounds.upperBound - 1)"
        case .from(let offset): "bytes=\(offset)-"
        case .suffix(let count): "bytes=-\(count)"
        }
    }
}
