package import BlobStorage
package import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML

/// What `DeleteObjects` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
package struct S3DeleteAnswer: Sendable {
    /// An object that is still there.
    package struct Failure: Sendable, Hashable {
        package let key: BlobKey
        package let versionID: String?
        package let code: String
        package let message: String?
    }

    /// The keys that the answer calls deleted; with `Quiet` there are none.
    package let deleted: [BlobKey]
    package let failures: [Failure]

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "DeleteResult", head: head).root
        var deleted: [BlobKey] = []
        var failures: [Failure] = []
        for child in root.children {
            if child.isNamed("Deleted") {
                deleted.append(try child.requiredKey(isEncoded: false))
            } else if child.isNamed("Error") {
                failures.append(
                    Failure(
                        key: try child.requiredKey(isEncoded: false),
                        versionID: child.filled("VersionId"),
                        code: try child.required("Code"),
                        message: child.filled("Message")
                    )
                )
            }
        }
        self.deleted = deleted
        self.failures = failures
    }

    /// The keys asked for that the answer calls neither deleted nor failed.
    ///
    /// To a request without `Quiet` that means that nobody knows what became of them.
    package func unmentioned(of keys: [BlobKey]) -> [BlobKey] {
        let mentioned = Set(deleted).union(failures.map(\.key))
        return keys.filter { !mentioned.contains($0) }
    }
}
