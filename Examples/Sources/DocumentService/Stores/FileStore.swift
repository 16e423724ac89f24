import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageS3

/// The store of files, and the way by which browsers reach it.
///
/// A bucket of S3 is reached by itself. A folder, or memory, is reached through a gateway in this
/// program, which speaks S3's protocol: to the client, and to the rest of the service, the two are
/// alike.
struct FileStore: Sendable {
    /// The name of a local store's bucket, and so what its URLs begin with.
    static let bucketName = "files"

    /// The store, which presigns and tells of its changes.
    let store: any MultipartBlobStore & BlobPresigner
    /// What the events of a bucket are about.
    let events: BucketEvents
    /// What answers for a local store; `nil` if the store answers by itself.
    let gateway: (any HTTPHandler)?
    /// The bucket, to set its rules for browsers.
    private let bucket: S3Store?

    /// Opens the store that an address names.
    ///
    /// - Parameters:
    ///   - configuration: The address, and what goes with it.
    ///   - publicURL: Where browsers reach this program.
    ///   - log: Takes what clients of a local store are not told.
    ///   - emit: Takes the events of changes that pass through this program.
    /// - Returns: The store; it is not prepared yet.
    /// - Throws: ``ConfigurationError``, or `BlobError` if a secret can't be read.
    static func open(
        _ configuration: ServiceConfiguration,
        publicURL: String,
        log: ServiceLog,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) async throws -> FileStore {
        let base: any BlobStore
        let url: StoreURL
        do {
            url = try StoreURL(configuration.storageURL)
            base = try await url.open(with: [.file, .memory, .s3])
        } catch let error as BlobError {
            throw ConfigurationError(.storageURL, error.message)
        }
        if let base = base as? any MultipartBlobStore & TaggedBlobStore & BlobPresigner {
            let bucket = try await S3Store.open(S3Configuration(url))
            return FileStore(
                store: base.evented(as: BucketEvents.ownSource, emit: emit),
                events: BucketEvents(url),
                gateway: nil,
                bucket: bucket
            )
        }
        guard let base = base as? any MultipartBlobStore & TaggedBlobStore else {
            throw ConfigurationError(.storageURL, "the store takes no files in parts")
        }
        return try await local(
            base,
            url,
            configuration,
            publicURL: publicURL,
            log: log,
            emit: emit
        )
    }

    /// A local store behind a gateway of this program.
    private static func local(
        _ base: some MultipartBlobStore & TaggedBlobStore,
        _ url: StoreURL,
        _ configuration: ServiceConfiguration,
        publicURL: String,
        log: ServiceLog,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) async throws -> FileStore {
        let folder = url.scheme == "file" ? url.path : nil
        let path = configuration.signingKeyFile ?? folder.map(SigningKey.path(besideFolder:))
        let credentials = try SigningKey.load(path)
        let files = base.evented(as: BucketEvents.ownSource, emit: emit)

        var presigner = S3Configuration(
            bucket: bucketName,
            region: region,
            endpoint: publicURL,
            vendor: .gateway,
            credentials: StaticCredentials(credentials)
        )
        presigner.addressing = .path

        // Who has a signed URL may do what it says; nothing signs anything beyond these.
        let rights = [
            GatewayRight([.read, .write], bucket: bucketName, prefix: "uploads/"),
            GatewayRight([.read, .write], bucket: bucketName, prefix: "incoming/"),
            GatewayRight([.read], bucket: bucketName, prefix: Thumbnails.keyPrefix),
        ]
        var served = S3GatewayConfiguration(
            buckets: FixedBuckets([bucketName: files]),
            accessKeys: [GatewayAccessKey(credentials, rights: rights)]
        )
        served.region = region
        served.cors = [bucketName: [rule(origins(configuration, publicURL))]]
        served.onFailure = { id, error in
            log.note(
                "gateway",
                level: .error,
                ["request": .text(id), "cause": .text("\(error)")]
            )
        }
        try served.validate()
        return FileStore(
            store: files.presigned(by: try S3Presigner(presigner)),
            events: BucketEvents(url),
            gateway: S3Gateway(served),
            bucket: nil
        )
    }

    private static let region = "us-east-1"

    /// Makes the bucket or the folder, and lets pages use it.
    ///
    /// - Throws: `BlobError`; ``ConfigurationError`` if the bucket does not let pages be let in.
    func prepare(_ configuration: ServiceConfiguration, publicURL: String) async throws {
        try await store.prepare()
        guard let bucket, configuration.origins != .untouched else { return }
        let rule = Self.rule(Self.origins(configuration, publicURL))
        // Setting rules takes a right of its own, so it is done only where it has to be.
        do {
            // Rules of others, and of other instances, stay.
            let rules = try await bucket.corsRules()
            guard !rules.contains(rule) else { return }
            try await bucket.setCORSRules(rules + [rule])
        } catch let error as BlobError
            where error.kind == .permissionDenied || error.kind == .unsupported
        {
            throw ConfigurationError(
                .origins,
                "the bucket's rules for pages can't be set (\(error)); set them by other means, and "
                    + "this variable to none"
            )
        }
    }

    private static func origins(
        _ configuration: ServiceConfiguration,
        _ publicURL: String
    ) -> [String] {
        switch configuration.origins {
        case .own, .untouched: Origin.twins(of: publicURL)
        case .listed(let origins): origins
        }
    }

    /// What a page needs: to send files and parts, and to read what they were called by the store.
    private static func rule(_ origins: [String]) -> CORSRule {
        CORSRule(
            origins: origins,
            methods: ["GET", "HEAD", "POST", "PUT"],
            allowedHeaders: ["*"],
            exposedHeaders: ["etag"],
            maximumAgeSeconds: 3_600
        )
    }
}
