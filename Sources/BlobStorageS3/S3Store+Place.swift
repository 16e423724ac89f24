import BlobStorage

extension S3Store: PlacedStore {
    /// Names of buckets are those of an endpoint; on AWS, those of a partition.
    ///
    /// Where each account has names of its own, two buckets may be taken for one.
    package func place() async throws -> String? {
        let endpoint = configuration.endpoint ?? AWSPartition(region: client.region).name
        // No endpoint has a line break, so that no path of one is taken for a bucket.
        return "s3:\(endpoint)\n\(configuration.bucket)/"
    }
}
