package import BlobStorage
package import BlobStorageHTTP

/// Where the requests of one bucket go, and what they are signed for.
package struct S3Endpoint: Sendable, Hashable {
    package var scheme: HTTPURL.Scheme
    /// The host to send to; with the bucket's name in front if ``isPathStyle`` is `false`.
    package var host: String
    /// `nil` is the scheme's own.
    package var port: Int?
    /// What every path begins with, percent-encoded, without a slash at its end: the custom
    /// endpoint's own path, then the bucket if ``isPathStyle``; often empty.
    package var basePath: String
    /// Whether the bucket's name stands in the path.
    package var isPathStyle: Bool
    /// The region that requests are signed for.
    package var signingRegion: String
    /// The service that requests are signed for.
    package var signingService: String

    /// The URL of the bucket itself, or of the service if there is no bucket.
    ///
    /// - Parameter query: The parameters, encoded.
    /// - Returns: The URL, its path without a slash at the end unless it has nothing else.
    package func bucketURL(query: String? = nil) -> HTTPURL {
        url(path: basePath.isEmpty ? "/" : basePath, query: query)
    }

    /// The URL of an object.
    ///
    /// - Parameters:
    ///   - key: The object's key; it is encoded once and not normalized.
    ///   - query: The parameters, encoded.
    /// - Returns: The URL.
    package func url(for key: BlobKey, query: String? = nil) -> HTTPURL {
        url(path: basePath + "/" + S3PathEncoding.path(key.text), query: query)
    }

    private func url(path: String, query: String?) -> HTTPURL {
        HTTPURL(scheme, host: host, port: port, path: path, query: query)
    }
}
