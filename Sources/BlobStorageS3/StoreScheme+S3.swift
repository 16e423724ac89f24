public import BlobStorage

extension StoreScheme {
    /// Opens an ``S3Store``, or the part of one that a prefix names.
    ///
    /// An address is `s3://bucket/prefix?region=eu-central-1`; ``S3Configuration/init(_:)`` tells the
    /// parameters. Credentials are not among them.
    public static let s3 = StoreScheme("s3", parameters: S3Configuration.urlParameters) { url in
        let store = try await S3Store.open(S3Configuration(url))
        let prefix = S3Configuration.keyPrefix(url)
        if prefix.isEmpty { return store }
        return store.prefixed(prefix)
    }
}
