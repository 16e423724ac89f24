internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

extension HTTPHeaders {
    /// Adds what an answer tells about a blob.
    ///
    /// - Parameters:
    ///   - attributes: The blob's attributes.
    ///   - withChecksum: Whether the checksum is asked for, and the answer is about the whole blob.
    mutating func add(_ attributes: BlobAttributes, withChecksum: Bool) {
        append("ETag", attributes.etag.text)
        append("Last-Modified", HTTPDate.text(attributes.lastModified))
        append("Accept-Ranges", "bytes")
        for (name, value) in attributes.headers.resolved(for: attributes.key).fields {
            append(Self.wireNames[name] ?? name, value)
        }
        if !attributes.metadata.isEmpty {
            for (name, value) in attributes.metadata.pairs {
                append("x-amz-meta-" + name, S3MetadataEncoding.answer(value))
            }
        }
        if withChecksum, let checksum = attributes.checksum { add(checksum) }
    }

    /// Adds a checksum of all the bytes of a blob.
    mutating func add(_ checksum: Checksum) {
        append(ChecksumName.header(checksum.algorithm), checksum.base64)
        append("x-amz-checksum-type", "FULL_OBJECT")
    }

    /// Adds the checksum over the checksums of a blob's parts, if there is one.
    mutating func addComposite(of parts: BlobParts?) {
        guard let parts, let checksum = parts.checksum else { return }
        append(ChecksumName.header(checksum.algorithm), parts.composite(checksum))
        append("x-amz-checksum-type", "COMPOSITE")
    }

    private static let wireNames = [
        "content-type": "Content-Type", "content-encoding": "Content-Encoding",
        "content-language": "Content-Language", "content-disposition": "Content-Disposition",
        "cache-control": "Cache-Control", "expires": "Expires",
    ]
}

extension BlobParts {
    /// A checksum over those of the parts as S3 writes it: with the count of the parts behind it.
    func composite(_ checksum: Checksum) -> String { "\(checksum.base64)-\(byteCounts.count)" }
}

/// What S3 calls a checksum in headers and documents.
enum ChecksumName {
    static func header(_ algorithm: ChecksumAlgorithm) -> String {
        "x-amz-checksum-" + algorithm.rawValue
    }

    /// The algorithm whose header this is.
    static func algorithm(ofHeader name: String) -> ChecksumAlgorithm? {
        ChecksumAlgorithm.allCases.first { HTTPHeaders.isSame(header($0), name) }
    }

    static func element(_ algorithm: ChecksumAlgorithm) -> String {
        "Checksum" + value(algorithm)
    }

    static func value(_ algorithm: ChecksumAlgorithm) -> String {
        let bytes = algorithm.rawValue.utf8.map { (0x61...0x7A).contains($0) ? $0 & ~0x20 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The algorithm that `x-amz-checksum-algorithm` names, if stores keep it.
    static func algorithm(_ value: String) -> ChecksumAlgorithm? {
        ChecksumAlgorithm.allCases.first { HTTPHeaders.isSame(Self.value($0), value) }
    }
}
