package import BlobStorage
package import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML
package import Foundation

/// What `ListObjectsV2` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
package struct S3ListAnswer: Sendable {
    /// One object; some stores leave out what is optional here.
    package struct Entry: Sendable, Hashable {
        package let key: BlobKey
        package let byteCount: Int64
        package let etag: ETag?
        package let lastModified: Date?
        package let storageClass: String?
    }

    package let entries: [Entry]
    package let commonPrefixes: [String]
    /// The token of the next page, verbatim; `nil` on the last one.
    package let continuationToken: String?
    /// Whether the token may lack characters, since XML has no way to write them.
    package let isMended: Bool

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - body: The answer's body.
    ///   - head: The answer's head.
    ///   - token: The token that was sent; a page that names it again would never end.
    /// - Throws: `AWSFailure`.
    package init(
        _ body: [UInt8],
        head: S3AnswerHead = S3AnswerHead(),
        token: String? = nil
    ) throws(AWSFailure) {
        let document = try S3Document(body, root: "ListBucketResult", head: head)
        let root = document.root
        isMended = document.isMended
        let isEncoded = root.hasEncodedKeys
        let isTruncated = try root.requiredFlag("IsTruncated")
        var entries: [Entry] = []
        var commonPrefixes: [String] = []
        var next: String?
        for child in root.children {
            if child.isNamed("Contents") {
                entries.append(try Self.entry(child, isEncoded: isEncoded))
            } else if child.isNamed("CommonPrefixes") {
                commonPrefixes.append(try child.requiredPrefix(isEncoded: isEncoded))
            } else if child.isNamed("NextContinuationToken") {
                next = child.text
            }
        }
        self.entries = entries
        self.commonPrefixes = commonPrefixes
        guard isTruncated else {
            continuationToken = nil
            return
        }
        guard let next, !next.isEmpty else {
            throw .bad("the list is truncated, and there is no <NextContinuationToken>")
        }
        guard isMended || token.map({ !UTF8Order.equal($0, next) }) ?? true else {
            throw .bad("the list names the same <NextContinuationToken> again; it would never end")
        }
        continuationToken = next
    }

    private static func entry(_ node: XMLNode, isEncoded: Bool) throws(AWSFailure) -> Entry {
        Entry(
            key: try node.requiredKey(isEncoded: isEncoded),
            byteCount: try node.requiredNumber("Size"),
            etag: node.etag,
            lastModified: try node.date("LastModified"),
            storageClass: node.filled("StorageClass")
        )
    }

    /// The page as stores give it.
    ///
    /// - Throws: `AWSFailure` if an entry has no etag or no time.
    package func page() throws(AWSFailure) -> BlobPage {
        var blobs: [ListedBlob] = []
        blobs.reserveCapacity(entries.count)
        for entry in entries {
            guard let etag = entry.etag else { throw Self.missing("ETag", entry.key) }
            guard let time = entry.lastModified else {
                throw Self.missing("LastModified", entry.key)
            }
            blobs.append(
                ListedBlob(
                    key: entry.key,
                    byteCount: entry.byteCount,
                    etag: etag,
                    lastModified: time
                )
            )
        }
        return BlobPage(
            blobs: blobs,
            commonPrefixes: commonPrefixes,
            continuationToken: continuationToken
        )
    }

    private static func missing(_ name: String, _ key: BlobKey) -> AWSFailure {
        .bad("<Contents> of \"\(EscapedText(key.text.clipped))\" has no <\(name)>")
    }
}
