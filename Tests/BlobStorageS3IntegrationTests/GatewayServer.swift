import BlobStorage
import BlobStorageAWS
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageServer
import Foundation

/// A gateway on a real server in this process, which the tests speak to as to any other server.
final class GatewayServer: Sendable {
    /// What holds the blobs behind it.
    enum Backing: String, Sendable, CaseIterable {
        case memory = "GATEWAY-MEMORY"
        case disk = "GATEWAY-DISK"
    }

    static let memory = GatewayServer(.memory)
    static let disk = GatewayServer(.disk)

    static let credentials = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )
    /// A key that may look at one bucket, which nobody makes.
    static let other = AWSCredentials(
        accessKeyID: "AKIAI44QH8DHBEXAMPLE",
        secretAccessKey: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
    )

    /// Where the buckets on disk are, as long as the process lives.
    private static let folder: String = {
        let path = NSTemporaryDirectory() + "/blob-storage-gateway-\(UUID().uuidString)"
        atexit { try? FileManager.default.removeItem(atPath: GatewayServer.folder) }
        return path
    }()

    let backing: Backing
    private let started: Task<Void, any Error>
    private let known: Locked<[String: String]>

    private init(_ backing: Backing) {
        self.backing = backing
        let known = Locked<[String: String]>([:])
        self.known = known
        started = Task {
            var options = HTTPServerOptions()
            options.connectionLimit = 4_000
            let server = HTTPServer(handler: Self.gateway(backing), options: options)
            let port = try await server.start().port
            known.withLock { variables in
                variables["ENDPOINT"] = "http://127.0.0.1:\(port)"
                variables["VHOST_ENDPOINT"] = "http://s3.localhost:\(port)"
                variables["ACCESS_KEY_ID"] = Self.credentials.accessKeyID
                variables["SECRET_ACCESS_KEY"] = Self.credentials.secretAccessKey
                variables["OTHER_ACCESS_KEY_ID"] = Self.other.accessKeyID
                variables["OTHER_SECRET_ACCESS_KEY"] = Self.other.secretAccessKey
            }
            // It serves until the process ends.
            _ = Unmanaged.passRetained(server)
        }
    }

    /// Waits until it serves.
    func start() async throws {
        try await started.value
    }

    /// What the environment says of other servers; nothing before it serves.
    var variables: [String: String] { known.withLock(\.self) }

    private static func gateway(_ backing: Backing) -> S3Gateway {
        let buckets = DynamicBuckets { name in
            guard backing == .disk else { return InMemoryStore() }
            let store = LocalDiskStore(root: "\(folder)/\(name)", durability: .relaxed)
            try await store.prepare()
            return store
        }
        var configuration = S3GatewayConfiguration(
            buckets: buckets,
            accessKeys: [
                GatewayAccessKey(credentials),
                GatewayAccessKey(other, rights: [GatewayRight([.read], bucket: "nobodys")]),
            ]
        )
        configuration.virtualHosts = ["s3.localhost"]
        return S3Gateway(configuration)
    }
}
