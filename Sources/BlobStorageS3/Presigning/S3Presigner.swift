public import BlobStorage
package import BlobStorageAWS
internal import Foundation

/// Signs requests for the blobs of a bucket, and sends none.
///
///     let presigner = try S3Presigner(S3Configuration(bucket: "reports", region: "eu-central-1"))
///     let request = try await presigner.presign(.get, "2026/a.pdf", expiresIn: .seconds(900))
///
/// It opens no connection: only a provider of credentials may ask for some. An ``S3Store`` presigns
/// too; a presigner alone is for a program that touches no blob itself, and for a store on disk behind
/// a gateway, whose address is then ``S3Configuration/endpoint``.
public struct S3Presigner: Sendable {
    /// What the presigner was made with.
    public let configuration: S3Configuration
    /// What the vendor can do.
    public let vendor: S3Vendor
    let place: S3PresignPlace
    let engine: S3PresignEngine
    private let time: TimeSource

    /// Creates a presigner with what the configuration leaves out looked up in the environment and in
    /// the user's AWS profile: region and endpoint.
    ///
    /// - Parameter configuration: The bucket, and how it is reached.
    /// - Returns: The presigner.
    /// - Throws: `BlobError` as ``init(_:)`` does, and if a profile can't be read.
    public static func open(_ configuration: S3Configuration) async throws -> S3Presigner {
        try S3Presigner(try await S3Settings.completed(configuration))
    }

    /// Creates a presigner; no file is read.
    ///
    /// - Parameter configuration: The bucket, and how clients reach it; on AWS, with the region.
    /// - Throws: `BlobError` of kind `invalidArgument` if the bucket, the region or the endpoint
    ///   can't be, `unsupported` for a feature that the vendor lacks.
    public init(_ configuration: S3Configuration) throws {
        try self.init(configuration, time: .system)
    }

    package init(_ configuration: S3Configuration, time: TimeSource) throws {
        try configuration.validate()
        self.configuration = configuration
        self.time = time
        vendor = try configuration.resolvedVendor()
        let endpoint = try configuration.resolvedEndpoint()
        place = S3PresignPlace(endpoint: endpoint, vendor: vendor)
        engine = S3PresignEngine(
            configuration,
            service: endpoint.signingService,
            serviceHeaders: try S3ServiceHeaders(configuration),
            credentials: S3Settings.provider(configuration)
        )
    }
}

extension S3Presigner: BlobPresigner {
    /// Signs one request on one blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try await engine.presign(
            operation,
            key,
            expiresIn: lifetime,
            options: options,
            place: place,
            now: time.now()
        )
    }

    /// Signs a form by which a browser uploads one file.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await engine.presignForm(
            key,
            expiresIn: lifetime,
            conditions: conditions,
            place: place,
            now: time.now()
        )
    }
}
