package import BlobStorage
package import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML
package import Foundation

/// What `ListObjectVersions` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
package struct S3VersionsAnswer: Sendable {
    /// One version of an object, or the mark that it was deleted.
    package struct Entry: Sendable, Hashable {
        package let key: BlobKey
        /// The version's name; `null` for what was written before versions were kept.
        package let versionID: String
        package let isLatest: Bool
        package let isDeleteMarker: Bool
        package let lastModified: Date?
        /// `nil` for a delete marker.
        package let etag: ETag?
        /// 0 for a delete marker.
        package let byteCount: Int64
    }

    /// Where the next page begins.
    package struct Marker: Sendable, Hashable {
        package let key: String
        package let versionID: String?
    }

    /// Versions and delete markers, in the order of the answer.
    package let entries: [Entry]
    package let commonPrefixes: [String]
    package let nextMarker: Marker?

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "ListVersionsResult", head: head).root
        let isEncoded = root.hasEncodedKeys
        var entries: [Entry] = []
        var commonPrefixes: [String] = []
        for child in root.children {
            if child.isNamed("Version") || child.isNamed("DeleteMarker") {
                entries.append(try Self.entry(child, isEncoded: isEncoded))
            } else if child.isNamed("CommonPrefixes") {
                commonPrefixes.append(try child.requiredPrefix(isEncoded: isEncoded))
            }
        }
        self.entries = entries
        self.commonPrefixes = commonPrefixes
        guard try root.requiredFlag("IsTruncated") else {
            nextMarker = nil
            return
        }
        let key = try root.decoded("NextKeyMarker", isEncoded: isEncoded)
        guard let key, !key.isEmpty else {
            throw .bad("the list is truncated, and there is no <NextKeyMarker>")
        }
        nextMarker = Marker(key: key, versionID: root.filled("NextVersionIdMarker"))
    }

    private static func entry(_ node: XMLNode, isEncoded: Bool) throws(AWSFailure) -> Entry {
        let isDeleteMarker = node.isNamed("DeleteMarker")
        return Entry(
            key: try node.requiredKey(isEncoded: isEncoded),
            versionID: try node.required("VersionId"),
            isLatest: try node.requiredFlag("IsLatest"),
            isDeleteMarker: isDeleteMarker,
            lastModified: try node.date("LastModified"),
            etag: node.etag,
            byteCount: isDeleteMarker ? 0 : try node.requiredNumber("Size")
        )
    }
}
