package import BlobStorage
package import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML
package import Foundation

/// What `CreateMultipartUpload` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
package struct S3CreateUploadAnswer: Sendable {
    package let uploadID: String

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "InitiateMultipartUploadResult", head: head).root
        uploadID = try root.required("UploadId")
        guard !uploadID.isEmpty else { throw .bad("<UploadId> is empty") }
    }
}

/// What `CompleteMultipartUpload` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
package struct S3CompleteAnswer: Sendable {
    package let etag: ETag
    /// The checksum of the whole object, if the store told one.
    package let checksum: Checksum?

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "CompleteMultipartUploadResult", head: head).root
        guard let etag = root.etag else {
            throw .bad("<CompleteMultipartUploadResult> has no <ETag>")
        }
        self.etag = etag
        checksum = S3Checksums.whole(root)
    }
}

/// What `CopyObject` or `UploadPartCopy` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
package struct S3CopyAnswer: Sendable {
    package let etag: ETag
    package let lastModified: Date?
    /// The checksum of the whole object or part, if the store told one.
    package let checksum: Checksum?

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - body: The answer's body.
    ///   - isPart: Whether it is the answer to `UploadPartCopy`.
    ///   - head: The answer's head.
    /// - Throws: `AWSFailure`.
    package init(
        _ body: [UInt8],
        isPart: Bool,
        head: S3AnswerHead = S3AnswerHead()
    ) throws(AWSFailure) {
        let name: StaticString = isPart ? "CopyPartResult" : "CopyObjectResult"
        let root = try S3Document(body, root: name, head: head).root
        guard let etag = root.etag else { throw .bad("<\(name)> has no <ETag>") }
        self.etag = etag
        lastModified = try root.date("LastModified")
        checksum = S3Checksums.whole(root)
    }
}

/// What `ListParts` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
package struct S3PartsAnswer: Sendable {
    package let parts: [UploadedPart]
    /// What the next page begins after; `nil` on the last one.
    package let nextMarker: Int?

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "ListPartsResult", head: head).root
        var parts: [UploadedPart] = []
        for node in root.children(named: "Part") {
            guard let etag = node.etag else { throw .bad("<Part> has no <ETag>") }
            let number = Int(clamping: try node.requiredNumber("PartNumber"))
            if let last = parts.last, last.number >= number {
                throw .bad("part \(number) is listed after part \(last.number)")
            }
            parts.append(
                UploadedPart(
                    number: number,
                    etag: etag,
                    byteCount: try node.requiredNumber("Size")
                )
            )
        }
        self.parts = parts
        guard try root.requiredFlag("IsTruncated") else {
            nextMarker = nil
            return
        }
        let marker = Int(clamping: try root.requiredNumber("NextPartNumberMarker"))
        guard marker > 0 else {
            throw .bad("the list of parts is truncated, and <NextPartNumberMarker> is 0")
        }
        nextMarker = marker
    }
}

/// What `ListMultipartUploads` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
package struct S3UploadsAnswer: Sendable {
    /// Where the next page begins.
    package struct Marker: Sendable, Hashable {
        package let key: String
        package let uploadID: String?
    }

    package let uploads: [ListedMultipartUpload]
    package let commonPrefixes: [String]
    package let nextMarker: Marker?

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "ListMultipartUploadsResult", head: head).root
        let isEncoded = root.hasEncodedKeys
        var uploads: [ListedMultipartUpload] = []
        for node in root.children(named: "Upload") {
            guard let created = try node.date("Initiated") else {
                throw .bad("<Upload> has no <Initiated>")
            }
            let upload = MultipartUpload(
                key: try node.requiredKey(isEncoded: isEncoded),
                id: try node.required("UploadId")
            )
            uploads.append(ListedMultipartUpload(upload: upload, created: created))
        }
        self.uploads = uploads
        var commonPrefixes: [String] = []
        for node in root.children(named: "CommonPrefixes") {
            commonPrefixes.append(try node.requiredPrefix(isEncoded: isEncoded))
        }
        self.commonPrefixes = commonPrefixes
        guard try root.requiredFlag("IsTruncated") else {
            nextMarker = nil
            return
        }
        let key = try root.decoded("NextKeyMarker", isEncoded: isEncoded)
        guard let key, !key.isEmpty else {
            throw .bad("the list of uploads is truncated, and there is no <NextKeyMarker>")
        }
        nextMarker = Marker(key: key, uploadID: root.filled("NextUploadIdMarker"))
    }
}
