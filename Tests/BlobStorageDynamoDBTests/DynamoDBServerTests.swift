import BlobStorage
import BlobStorageDynamoDB
import BlobStorageTestKit
import Foundation
import Testing

/// Moto's DynamoDB keeps every promise, too; the scripts in `Tests/Servers` start it.
@Suite struct DynamoDBServerTests {
    private static let table = Table()

    static var isThere: Bool { Table.variables["ENDPOINT"] != nil }

    @Test("conforms", .enabled(if: isThere), arguments: MetadataStoreConformance.cases)
    func conforms(_ promise: MetadataConformanceCase) async throws {
        try await promise.run(on: MetadataConformanceSubject(Self.table.store()))
    }

    @Test func saysWhetherAServerIsThere() {
        if !Self.isThere {
            print(
                "SKIPPED: there is no DynamoDB server; Tests/Servers/with-servers.sh moto starts one"
            )
        }
    }

    @Test("a table that is not there", .enabled(if: isThere))
    func missingTable() async throws {
        let store = try Table.open("missing-\(UUID().uuidString)")
        for call in [
            { _ = try await store.record("a") }, { _ = try await store.records(["a"]) },
            { _ = try await store.query(DocumentQuery(owner: "o")) },
        ] as [@Sendable () async throws -> Void] {
            let error = try await #require(throws: BlobError.self) { try await call() }
            #expect(error.kind == .storeNotFound)
        }
    }

    @Test("a wrong secret", .enabled(if: isThere))
    func wrongSecret() async throws {
        let credentials = AWSCredentials(
            accessKeyID: Table.variables["ACCESS_KEY_ID"] ?? "",
            secretAccessKey: "wrong"
        )
        let store = try Table.open("documents", StaticCredentials(credentials))
        let error = try await #require(throws: BlobError.self) { try await store.record("a") }
        #expect([.unauthenticated, .permissionDenied].contains(error.kind))
    }

    /// One table for all cases, made when the first one wants it.
    private actor Table {
        private var making: Task<DynamoDBMetadataStore, any Error>?

        static let variables: [String: String] = {
            let prefix = "BLOB_STORAGE_TEST_MOTO_"
            var variables: [String: String] = [:]
            for (name, value) in ProcessInfo.processInfo.environment where !value.isEmpty {
                guard name.hasPrefix(prefix) else { continue }
                variables[String(name.dropFirst(prefix.count))] = value
            }
            return variables
        }()

        static func open(
            _ table: String,
            _ credentials: StaticCredentials? = nil
        ) throws -> DynamoDBMetadataStore {
            let first = AWSCredentials(
                accessKeyID: variables["ACCESS_KEY_ID"] ?? "",
                secretAccessKey: variables["SECRET_ACCESS_KEY"] ?? ""
            )
            return try DynamoDBMetadataStore(
                DynamoDBConfiguration(
                    table: table,
                    region: variables["REGION"] ?? "us-east-1",
                    endpoint: variables["ENDPOINT"],
                    credentials: credentials ?? StaticCredentials(first)
                )
            )
        }

        func store() async throws -> DynamoDBMetadataStore {
            let making =
                self.making
                ?? Task {
                    let store = try Self.open("documents-\(UUID().uuidString)")
                    try await store.prepare()
                    return store
                }
            self.making = making
            return try await making.value
        }
    }
}
