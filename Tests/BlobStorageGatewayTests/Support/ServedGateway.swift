import BlobStorage
import BlobStorageAWS
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageS3
import Foundation

/// A gateway over stores of the tests, and clients that speak to it.
struct ServedGateway: Sendable {
    static let credentials = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )

    let gateway: S3Gateway

    init(
        _ buckets: any GatewayBuckets,
        _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
    ) {
        var configuration = S3GatewayConfiguration(
            buckets: buckets,
            accessKeys: [GatewayAccessKey(Self.credentials)]
        )
        adjust(&configuration)
        gateway = S3Gateway(configuration)
    }

    /// A gateway with one bucket, `bucket`.
    init(
        _ store: any BlobStore = InMemoryStore(),
        _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
    ) {
        self.init(FixedBuckets(["bucket": store]), adjust)
    }

    /// A client of a bucket.
    func store(
        _ bucket: String = "bucket",
        credentials: AWSCredentials = ServedGateway.credentials
    ) throws -> S3Store {
        let configuration = S3Configuration(
            bucket: bucket,
            region: "us-east-1",
            endpoint: "http://gateway.example:9000",
            vendor: .gateway
        )
        return try S3Store(
            configuration,
            credentials: StaticCredentials(credentials),
            transport: GatewayTransport(gateway)
        )
    }
}

/// A folder that is gone when the test is.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/blob-storage-gateway-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func store(_ name: String = "bucket") async throws -> LocalDiskStore {
        let store = LocalDiskStore(root: "\(path)/\(name)", durability: .relaxed)
        try await store.prepare()
        return store
    }
}
