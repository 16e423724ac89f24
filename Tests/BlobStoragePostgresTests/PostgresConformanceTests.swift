import BlobStorage
import BlobStoragePostgres
import BlobStorageTestKit
import Testing

/// PostgreSQL keeps every promise; the scripts in `Tests/Servers` start it.
@Suite struct PostgresConformanceTests {
    private static let table = Table()

    @Test(
        "conforms",
        .enabled(if: PostgresServer.isThere),
        arguments: MetadataStoreConformance.cases
    )
    func conforms(_ promise: MetadataConformanceCase) async throws {
        try await promise.run(on: MetadataConformanceSubject(Self.table.store()))
    }

    @Test func saysWhetherAServerIsThere() {
        if !PostgresServer.isThere {
            print(
                "SKIPPED: there is no PostgreSQL; Tests/Servers/with-servers.sh postgres starts one"
            )
        }
    }

    /// One table for all cases, made when the first one wants it.
    private actor Table {
        private var making: Task<PostgresMetadataStore, any Error>?

        func store() async throws -> PostgresMetadataStore {
            let task = making ?? Task { try await PostgresServer.store() }
            making = task
            return try await task.value
        }
    }
}
