import Testing

@testable import DocumentService

@Suite struct RecordStoreTests {
    @Test(
        "a password does not stand in an address",
        arguments: [
            "postgresql://app:hush@db/app", "postgresql://app:@db/app",
            "postgresql://app:hush?more@db/app", "postgresql://app@db/app?p%61ssword=hush",
            "postgresql://db/app?user=app&password=hush",
            "postgresql://a%40b:hush@db:5432/app?table=t",
        ]
    )
    func password(_ address: String) async throws {
        let error = try await #require(throws: ConfigurationError.self) {
            try await RecordStore.open(address)
        }
        #expect("\(error)".contains("PGPASSWORD"))
        #expect(!"\(error)".contains("hush"))
    }

    @Test(
        "addresses of PostgreSQL",
        arguments: [
            "postgresql://app@db/app", "postgresql://db:5432/app?sslmode=require&table=t",
            "postgresql://app@[::1]:5432/app", "postgresql:///app?table=t",
        ]
    )
    func postgres(_ address: String) async throws {
        _ = try await RecordStore.open(address)
    }

    @Test(
        "what makes no sense",
        arguments: [
            "postgresql://app@db/app?table=A", "postgresql://app@db/app?nonsense=1",
            "mysql://db/app",
            "postgresql:",
        ]
    )
    func nonsense(_ address: String) async {
        await #expect(throws: ConfigurationError.self) { try await RecordStore.open(address) }
    }
}
