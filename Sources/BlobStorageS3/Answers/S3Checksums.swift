package import BlobStorage
package import BlobStorageHandler
import BlobStorageXML

/// Checksums in headers and documents.
///
/// A composite one, over the checksums of parts, ends with `-` and the count of parts or comes with
/// the type `COMPOSITE`. It says nothing about the bytes of the whole object that could be compared
/// without knowing the parts, so it is left out.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
package enum S3Checksums {
    private struct Names {
        let algorithm: ChecksumAlgorithm
        let header: String
        let element: StaticString
        let value: String
    }

    /// What is looked for, the strongest that is cheap to verify first.
    private static let names = [
        Names(
            algorithm: .crc64NVME,
            header: "x-amz-checksum-crc64nvme",
            element: "ChecksumCRC64NVME",
            value: "CRC64NVME"
        ),
        Names(
            algorithm: .crc32C,
            header: "x-amz-checksum-crc32c",
            element: "ChecksumCRC32C",
            value: "CRC32C"
        ),
        Names(
            algorithm: .sha256,
            header: "x-amz-checksum-sha256",
            element: "ChecksumSHA256",
            value: "SHA256"
        ),
        Names(
            algorithm: .crc32,
            header: "x-amz-checksum-crc32",
            element: "ChecksumCRC32",
            value: "CRC32"
        ),
        Names(
            algorithm: .sha1,
            header: "x-amz-checksum-sha1",
            element: "ChecksumSHA1",
            value: "SHA1"
        ),
    ]

    /// The header that carries a checksum.
    package static func header(_ algorithm: ChecksumAlgorithm) -> String {
        names.first { $0.algorithm == algorithm }?.header ?? ""
    }

    /// What `x-amz-checksum-algorithm` calls an algorithm.
    package static func name(_ algorithm: ChecksumAlgorithm) -> String {
        names.first { $0.algorithm == algorithm }?.value ?? ""
    }

    /// The checksum of the whole object; `nil` if there is none that could be compared.
    package static func whole(_ headers: HTTPHeaders) -> Checksum? {
        whole(type: headers["x-amz-checksum-type"]) { headers[$0.header] }
    }

    static func whole(_ node: XMLNode) -> Checksum? {
        whole(type: node.filled("ChecksumType")?.withoutBlanks) {
            node.filled($0.element)?.withoutBlanks
        }
    }

    private static func whole(type: String?, _ value: (Names) -> String?) -> Checksum? {
        guard type.map({ HTTPHeaders.isSame($0, "FULL_OBJECT") }) ?? true else { return nil }
        for name in names {
            guard let text = value(name), !text.utf8.contains(UInt8(ascii: "-")) else { continue }
            if let checksum = try? Checksum(name.algorithm, base64: text) { return checksum }
        }
        return nil
    }
}
