import BlobStorageAWS

/// Text percent-encoded as S3 wants it: once, byte by byte, nothing normalized.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
package enum S3PathEncoding {
    /// Encodes a key for a path; slashes stay.
    package static func path(_ text: String) -> String {
        AWSPercentEncoding.encode(text, keepingSlash: true)
    }

    /// Encodes a parameter's name or value, or one segment of a path; slashes are encoded too.
    package static func component(_ text: String) -> String {
        AWSPercentEncoding.encode(text)
    }

    /// A query of parameters, in the order given; a parameter whose value is `nil` stands without
    /// an equals sign, as `uploads` does.
    package static func query(_ parameters: [(name: String, value: String?)]) -> String {
        parameters
            .map { name, value in
                value.map { "\(component(name))=\(component($0))" } ?? component(name)
            }
            .joined(separator: "&")
    }
}
