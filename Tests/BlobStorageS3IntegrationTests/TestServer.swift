import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

/// A server, and a way to speak to it: one that the environment names, as the scripts in `Tests/Servers`
/// do, or our own gateway.
struct TestServer: Sendable, CustomTestStringConvertible {
    /// How the server is reached.
    enum Access: String, Sendable, CaseIterable {
        case path = "ENDPOINT"
        case tls = "TLS_ENDPOINT"
        case virtualHosted = "VHOST_ENDPOINT"
        case tlsVirtualHosted = "TLS_VHOST_ENDPOINT"
    }

    let name: String
    let access: Access
    let vendor: S3Vendor
    /// Ours, if it is.
    private let gateway: GatewayServer?
    private let given: [String: String]

    /// What is known of it: of a gateway nothing, until its first store is asked for.
    private var variables: [String: String] { gateway?.variables ?? given }

    var testDescription: String { "\(name) \(access)" }

    /// A server that tests know, and what its profile is.
    struct Kind: Sendable {
        let name: String
        let vendor: S3Vendor
        let accesses: [Access]
    }

    /// All servers that tests know.
    static let kinds = [
        Kind(name: "CEPH", vendor: .ceph, accesses: Access.allCases),
        Kind(name: "CEPH16", vendor: .cephPacific, accesses: [.path]),
        Kind(name: "SWIFT", vendor: .openStackSwift, accesses: [.path]),
        Kind(name: "LOCALSTACK", vendor: .localstack, accesses: [.path]),
        Kind(name: "MOTO", vendor: .moto, accesses: [.path]),
    ]

    /// The servers that are there, each in all ways that it is reached.
    static let all: [TestServer] =
        kinds.flatMap { kind in kind.accesses.compactMap { TestServer(kind, $0) } } + gateways

    /// Our own, which are always there.
    static let gateways: [TestServer] = [
        TestServer(.memory, .path), TestServer(.memory, .virtualHosted), TestServer(.disk, .path),
    ]

    /// The servers that are there, each once.
    static let each: [TestServer] = all.filter { $0.access == .path }

    /// The strict one.
    static let ceph: TestServer? = each.first { $0.name == "CEPH" }

    /// The strict one, and our own, which have to agree.
    static let strict: [TestServer] = each.filter { $0.name == "CEPH" || $0.gateway != nil }

    /// The names of those that are not there.
    static let missing: [String] = kinds.map(\.name).filter { name in
        !all.contains { $0.name == name }
    }

    private init?(_ kind: Kind, _ access: Access) {
        let prefix = "BLOB_STORAGE_TEST_\(kind.name)_"
        var variables: [String: String] = [:]
        for (name, value) in ProcessInfo.processInfo.environment where name.hasPrefix(prefix) {
            variables[String(name.dropFirst(prefix.count))] = value
        }
        guard let endpoint = variables[access.rawValue], !endpoint.isEmpty else { return nil }
        name = kind.name
        self.access = access
        vendor = kind.vendor
        gateway = nil
        given = variables
    }

    private init(_ gateway: GatewayServer, _ access: Access) {
        name = gateway.backing.rawValue
        self.access = access
        vendor = .gateway
        self.gateway = gateway
        given = [:]
    }

    /// Waits until the server is there.
    func start() async throws {
        try await gateway?.start()
    }

    /// A variable of the server, such as `STS_ENDPOINT`.
    subscript(_ name: String) -> String? { variables[name] }

    /// The configuration of a bucket on the server.
    func configuration(bucket: String) -> S3Configuration {
        var configuration = S3Configuration(
            bucket: bucket,
            region: variables["REGION"] ?? "us-east-1",
            endpoint: variables[access.rawValue],
            vendor: vendor,
            credentials: credentials
        )
        let isVirtualHosted = access == .virtualHosted || access == .tlsVirtualHosted
        configuration.addressing = isVirtualHosted ? .virtualHosted : .path
        configuration.certificateFile = variables["CA_FILE"]
        // On a busy machine some servers ask to slow down for long.
        configuration.maximumAttempts = 6
        return configuration
    }

    /// The server's first user.
    var credentials: StaticCredentials {
        StaticCredentials(
            AWSCredentials(
                accessKeyID: variables["ACCESS_KEY_ID"] ?? "",
                secretAccessKey: variables["SECRET_ACCESS_KEY"] ?? ""
            )
        )
    }

    /// Makes a bucket keep the versions of its blobs.
    func keepVersions(in bucket: String) async throws {
        let document = Array(
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".utf8
        )
        let configuration = configuration(bucket: bucket)
        let url = try configuration.resolvedEndpoint().bucketURL(query: "versioning")
        let transport = CurlTransport()
        let client = AWSClient(service: "s3", transport: transport, credentials: credentials)
        let request = AWSRequest(
            "PutBucketVersioning",
            HTTPRequest(.put, url, body: BlobBody(document)),
            payload: .sha256(Checksum.of(document, .sha256).hex),
            region: configuration.region ?? ""
        )
        _ = try await client.perform(request) { $0.status }
        transport.close()
    }

    /// A new bucket, ready for use.
    func newStore(_ adjust: (inout S3Configuration) -> Void = { _ in }) async throws -> S3Store {
        try await start()
        let bucket = "test-\(UUID().uuidString.lowercased())"
        var configuration = configuration(bucket: bucket)
        adjust(&configuration)
        let store = try S3Store(configuration)
        try await store.prepare()
        return store
    }
}
