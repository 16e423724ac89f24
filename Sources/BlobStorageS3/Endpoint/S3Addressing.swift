/// Where the bucket's name stands in a URL.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
public enum S3Addressing: String, Sendable, Hashable, CaseIterable {
    /// In the host's name where that works, else in the path.
    ///
    /// It does not work with an IP address as endpoint, with a name that is no DNS label, and over
    /// TLS with a name that has dots, which no certificate covers.
    case automatic
    /// In the path: `https://host/bucket/key`.
    case path
    /// In the host's name: `https://bucket.host/key`.
    case virtualHosted
}
