import BlobStorage
import BlobStorageDynamoDB
import BlobStoragePostgres
import BlobStorageSQLite
import Foundation

/// Opens the store of records that an address names.
enum RecordStore {
    /// Opens the store; it is not prepared yet.
    ///
    /// - Parameter address: `memory:`, `sqlite:FILE`, `postgresql://USER@HOST/DATABASE?table=…` or
    ///   `dynamodb:TABLE?region=…&endpoint=…`.
    /// - Returns: The store.
    /// - Throws: ``ConfigurationError``.
    static func open(_ address: String) async throws -> any MetadataStore {
        do {
            // Its parameters are libpq's, which StoreURL does not know.
            if address.hasPrefix("postgresql:") { return try postgres(address) }
            let url = try StoreURL(address)
            switch url.scheme {
            case "memory":
                try check(url, parameters: [])
                guard url.path.isEmpty, url.host == nil else {
                    throw url.invalid("nothing may follow the colon; write memory:")
                }
                return InMemoryMetadataStore()
            case "sqlite": return try sqlite(url)
            case "dynamodb": return try await dynamoDB(url)
            default: throw url.invalid("the kinds are memory:, sqlite:, postgresql: and dynamodb:")
            }
        } catch let error as BlobError {
            throw ConfigurationError(.metadataURL, error.message)
        }
    }

    private static func sqlite(_ url: StoreURL) throws -> any MetadataStore {
        try check(url, parameters: ["durability"])
        guard url.host == nil || url.host == "", url.port == nil, !url.path.isEmpty else {
            throw url.invalid("write sqlite:FILE, such as sqlite:data/documents.sqlite")
        }
        let durability = try url.parameter(
            "durability",
            oneOf: ["full": Durability.full, "relaxed": .relaxed]
        )
        return SQLiteMetadataStore(path: url.path, durability: durability ?? .full)
    }

    private static func postgres(_ address: String) throws -> any MetadataStore {
        let halves = address.split(separator: "?", maxSplits: 1)
        var parameters = halves.dropFirst().flatMap { $0.split(separator: "&") }
        // Addresses stand in the log. libpq looks for the user anywhere before the last "@".
        let user = address.dropFirst("postgresql:".count).split(separator: "@").dropLast()
        let names = parameters.compactMap { $0.prefix { $0 != "=" }.removingPercentEncoding }
        guard !user.contains(where: { $0.contains(":") }),
            names.count == parameters.count, !names.contains(where: { $0.hasSuffix("password") })
        else {
            let text = "there is a password in it; give it as PGPASSWORD, or in ~/.pgpass"
            throw ConfigurationError(.metadataURL, text)
        }
        let mark = "table="
        let table = parameters.last { $0.hasPrefix(mark) }?.dropFirst(mark.count)
        parameters.removeAll { $0.hasPrefix(mark) }
        let rest = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        return try PostgresMetadataStore(
            halves[0] + rest,
            table: table.map(String.init) ?? "documents"
        )
    }

    private static func dynamoDB(_ url: StoreURL) async throws -> any MetadataStore {
        try check(url, parameters: ["region", "endpoint", "profile", "ca-file"])
        // Both dynamodb:TABLE and dynamodb://TABLE.
        let table = url.host ?? url.path
        guard !table.isEmpty, url.port == nil, url.host == nil || url.path.isEmpty else {
            throw url.invalid("write dynamodb:TABLE, such as dynamodb:documents")
        }
        var configuration = DynamoDBConfiguration(
            table: table,
            region: url.parameters["region"],
            endpoint: url.parameters["endpoint"]
        )
        configuration.profile = url.parameters["profile"]
        configuration.certificateFile = url.parameters["ca-file"]
        return try await DynamoDBMetadataStore.open(configuration)
    }

    private static func check(_ url: StoreURL, parameters: Set<String>) throws {
        guard url.parameters.keys.allSatisfy(parameters.contains) else {
            let known = parameters.isEmpty ? "none" : parameters.sorted().joined(separator: ", ")
            throw url.invalid("there is an unknown parameter; known are: \(known)")
        }
    }
}
