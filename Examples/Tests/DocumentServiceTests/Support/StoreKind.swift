import Foundation
import Testing

/// The stores that the service is tested on, with the same tests.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case folder
    case folderAndPostgres
    case s3

    var testDescription: String {
        switch self {
        case .memory: "memory"
        case .folder: "folder and SQLite"
        case .folderAndPostgres: "folder and PostgreSQL"
        case .s3: "S3 and DynamoDB"
        }
    }

    /// Those that are there.
    static let available = allCases.filter { kind in
        switch kind {
        case .memory, .folder: true
        case .folderAndPostgres: PostgresServer.fromEnvironment != nil
        case .s3: Servers.fromEnvironment != nil
        }
    }

    /// The variables that choose the store.
    ///
    /// - Parameter folder: A folder of the test's own.
    /// - Returns: The variables by their names.
    /// - Throws: If the servers are not there.
    func variables(folder: String) throws -> [String: String] {
        switch self {
        case .memory: return ["STORAGE_URL": "memory:", "METADATA_URL": "memory:"]
        case .folder:
            return [
                "STORAGE_URL": "file:\(folder)/files",
                "METADATA_URL": "sqlite:\(folder)/documents.sqlite",
            ]
        case .folderAndPostgres:
            let server = try #require(PostgresServer.fromEnvironment)
            let table = "t_" + UUID().uuidString.lowercased().replacing("-", with: "")
            return [
                "STORAGE_URL": "file:\(folder)/files",
                "METADATA_URL": "\(server.address)?sslmode=disable&table=\(table)",
            ]
        case .s3:
            let servers = try #require(Servers.fromEnvironment)
            let name = "service-\(UUID().uuidString.lowercased())"
            return [
                "STORAGE_URL": "s3://\(name)/some/prefix?region=\(servers.region)"
                    + "&endpoint=\(servers.s3)&vendor=ceph",
                "METADATA_URL": "dynamodb:\(name)?region=\(servers.region)"
                    + "&endpoint=\(servers.dynamoDB)",
            ]
        }
    }
}

/// Real servers that `Tests/Servers/with-servers.sh` has started: Ceph for S3, moto for DynamoDB.
struct Servers: Sendable {
    let s3: String
    let dynamoDB: String
    let region: String

    static let fromEnvironment: Servers? = {
        let given = ProcessInfo.processInfo.environment
        guard let s3 = given["BLOB_STORAGE_TEST_CEPH_ENDPOINT"],
            let dynamoDB = given["BLOB_STORAGE_TEST_MOTO_ENDPOINT"],
            let region = given["BLOB_STORAGE_TEST_CEPH_REGION"],
            let id = given["BLOB_STORAGE_TEST_CEPH_ACCESS_KEY_ID"],
            let secret = given["BLOB_STORAGE_TEST_CEPH_SECRET_ACCESS_KEY"]
        else { return nil }
        // Both servers have the same users, whom the default chain finds here.
        setenv("AWS_ACCESS_KEY_ID", id, 1)
        setenv("AWS_SECRET_ACCESS_KEY", secret, 1)
        setenv("AWS_EC2_METADATA_DISABLED", "true", 1)
        return Servers(s3: s3, dynamoDB: dynamoDB, region: region)
    }()
}

/// The PostgreSQL that `Tests/Servers/with-servers.sh` has started.
struct PostgresServer: Sendable {
    /// Its address without the password, which libpq finds in the environment.
    let address: String

    static let fromEnvironment: PostgresServer? = {
        let given = ProcessInfo.processInfo.environment["BLOB_STORAGE_TEST_POSTGRES_ENDPOINT"]
        guard var parts = given.flatMap({ URLComponents(string: $0) }) else { return nil }
        setenv("PGPASSWORD", parts.password ?? "", 1)
        parts.password = nil
        return parts.string.map(PostgresServer.init)
    }()
}

@Suite struct StoreKindTests {
    @Test func allKindsAreTestedOrThoseLeftOutAreNamed() {
        let missing = StoreKind.allCases.filter { !StoreKind.available.contains($0) }
        for kind in missing {
            let text =
                "SKIPPED document-service on \(kind.testDescription): the servers are not there; "
                + "run Tests/Servers/with-servers.sh ceph moto postgres -- swift test --package-path Examples\n"
            FileHandle.standardError.write(Data(text.utf8))
        }
        #expect(StoreKind.available.count + missing.count == 4)
    }
}
