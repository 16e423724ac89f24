package import BlobStorage
import BlobStorageAWS
package import BlobStorageDisk
import BlobStorageGateway
package import BlobStorageS3
package import BlobStorageSQLite
package import BlobStorageServer
package import BlobStorageUploads
package import Foundation

/// Where all processes of a run meet: one folder with the records, the clock and the logs, and one
/// store.
package struct FireStage: Sendable {
    /// What keeps the blobs.
    package enum Place: Sendable, Hashable {
        /// A folder inside the run's own, which each process serves by a gateway of its own.
        case disk
        /// A bucket of the server that the tests call `CEPH`.
        case ceph(bucket: String)

        /// As on a command line.
        package var text: String {
            switch self {
            case .disk: "disk"
            case .ceph(let bucket): bucket
            }
        }

        package init(text: String) {
            self = text == "disk" ? .disk : .ceph(bucket: text)
        }
    }

    package let folder: String
    package let place: Place

    package init(folder: String, place: Place) {
        self.folder = folder
        self.place = place
    }

    package var clock: FireClock { FireClock(path: folder + "/clock") }
    package var databasePath: String { folder + "/documents.sqlite" }
    package var meetingPath: String { folder + "/meeting" }

    package func logPath(of worker: String) -> String { folder + "/\(worker).log" }

    /// The records; a kill loses none that was written, however little it is synced.
    package func metadata() -> SQLiteMetadataStore {
        SQLiteMetadataStore(
            path: databasePath,
            durability: .relaxed,
            busyTimeout: .seconds(60)
        )
    }

    // MARK: On disk

    private static let bucket = "files"
    private static let credentials = AWSCredentials(
        accessKeyID: "fire",
        secretAccessKey: "fire-secret"
    )

    package func disk() -> LocalDiskStore {
        LocalDiskStore(root: folder + "/files", durability: .relaxed)
    }

    /// A server for a store on disk, which signed requests reach.
    package func server(of store: some BlobStore) -> HTTPServer {
        let configuration = S3GatewayConfiguration(
            buckets: FixedBuckets([Self.bucket: store]),
            accessKeys: [GatewayAccessKey(Self.credentials)]
        )
        return HTTPServer(handler: S3Gateway(configuration))
    }

    /// What signs for such a server; `age` is how long ago it claims to have signed.
    package func presigner(port: Int, age: TimeInterval = 0) throws -> S3Presigner {
        try Self.presigner(
            S3Configuration(
                bucket: Self.bucket,
                endpoint: "http://127.0.0.1:\(port)",
                vendor: .gateway,
                credentials: StaticCredentials(Self.credentials)
            ),
            age: age
        )
    }

    // MARK: On the server

    /// Whether the environment names a server.
    package static var hasCeph: Bool { !(variable("ENDPOINT") ?? "").isEmpty }

    /// The store in a bucket of the server.
    package func ceph(bucket: String) throws -> S3Store {
        try S3Store(Self.configuration(bucket: bucket))
    }

    /// What signs for it; `age` is how long ago it claims to have signed.
    package func presigner(bucket: String, age: TimeInterval) throws -> S3Presigner {
        try Self.presigner(Self.configuration(bucket: bucket), age: age)
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["BLOB_STORAGE_TEST_CEPH_\(name)"]
    }

    private static func configuration(bucket: String) -> S3Configuration {
        var configuration = S3Configuration(
            bucket: bucket,
            region: variable("REGION") ?? "us-east-1",
            endpoint: variable("ENDPOINT"),
            vendor: .ceph,
            credentials: StaticCredentials(
                AWSCredentials(
                    accessKeyID: variable("ACCESS_KEY_ID") ?? "",
                    secretAccessKey: variable("SECRET_ACCESS_KEY") ?? ""
                )
            )
        )
        // On a busy machine it asks to slow down for long.
        configuration.maximumAttempts = 6
        return configuration
    }

    private static func presigner(
        _ configuration: S3Configuration,
        age: TimeInterval
    ) throws -> S3Presigner {
        var time = TimeSource.system
        time.now = { Date(timeIntervalSinceNow: -age) }
        return try S3Presigner(configuration, time: time)
    }
}

// MARK: The service

extension FireStage {
    /// How long ago a request was signed that has expired.
    package static let staleAge: TimeInterval = 3_600
    /// From how many bytes on documents go in parts.
    package static let multipartThreshold: Int64 = 256 << 10
    /// The least that stores take as a part.
    package static let partByteCount: Int64 = 5 << 20
    /// The most bytes of a document.
    package static let maximumByteCount: Int64 = 12 << 20
    /// The most bytes of one that came by a form.
    package static let smallByteCount: Int64 = 64 << 10
    /// How long most reservations last: some steps of the clock.
    package static let shortLifetime = Duration.seconds(3 * 3_600)
    /// As many steps of the clock as make those expire.
    package static let shortLifetimeSteps = 19
    /// How long the others last.
    package static let longLifetime = Duration.seconds(24 * 3_600)

    /// What the service of a run takes.
    package static let policy = UploadPolicy(
        allowedTypes: ["image/png", "application/pdf", "text/plain"],
        maximumByteCount: maximumByteCount,
        multipartThreshold: multipartThreshold,
        partByteCount: partByteCount,
        reservationLifetime: shortLifetime
    )

    /// A service whose time is the run's.
    package func service(
        store: any BlobStore & BlobPresigner,
        metadata: any MetadataStore,
        policy: UploadPolicy = FireStage.policy
    ) throws -> UploadService {
        let clock = clock
        return try UploadService(
            store: store,
            metadata: metadata,
            policy: policy,
            now: { clock.now() }
        )
    }
}
