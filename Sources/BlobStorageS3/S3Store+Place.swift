import BlobStorage

extension S3Store: PlacedStore {
    package func place() async throws -> String? {
        "s3:\(configuration.endpoint ?? "aws")/\(configuration.bucket)/"
    }

    /// Stores with one client are the same, unless they read or write in another way.
    package var sharedObject: AnyObject? {
        readVersion == nil && writeTags.isEmpty ? client : nil
    }
}
