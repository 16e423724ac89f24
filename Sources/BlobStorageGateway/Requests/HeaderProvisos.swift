internal import BlobStorageHandler

/// Header fields that say when something is to be done, and that no store can judge.
///
/// To take no notice of them would be to do what was not to be done. They are checked for every
/// operation, whether S3 has them for it or not.
enum HeaderProvisos {
    /// Checks header fields.
    ///
    /// - Parameter headers: The fields of a request, or of a form.
    /// - Throws: `GatewayError` if one names another owner than the gateway's, or is a condition
    ///   that the gateway does not know.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    static func check(_ headers: HTTPHeaders) throws(GatewayError) {
        for field in headers.fields where HTTPHeaders.isAmazon(field.name) {
            let name = field.name.lowercasedASCII
            if ownerNames.contains(name) {
                guard field.value.utf8.elementsEqual(GatewayOwner.id.utf8) else { throw .denied }
            } else if unknownPrefixes.contains(where: { name.utf8.starts(with: $0.utf8) }) {
                throw .notImplemented(name)
            }
        }
    }

    private static let ownerNames: Set<String> = [
        "x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner",
    ]

    /// What the names of conditions begin with: on size and time (DeleteObject), on the start of an
    /// upload (AbortMultipartUpload), on the object of an annotation, on what is renamed, and on a
    /// second factor.
    private static let unknownPrefixes = [
        "x-amz-if-", "x-amz-object-if-", "x-amz-rename-source", "x-amz-mfa",
    ]
}
