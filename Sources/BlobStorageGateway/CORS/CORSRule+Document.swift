internal import BlobStorageAWS
internal import BlobStorageHandler

extension HTTPServerResponse {
    /// The document of `GetBucketCors`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
    static func corsConfiguration(_ rules: [CORSRule]) -> HTTPServerResponse {
        .document("CORSConfiguration") { xml in
            for rule in rules { rule.write(to: &xml) }
        }
    }
}
