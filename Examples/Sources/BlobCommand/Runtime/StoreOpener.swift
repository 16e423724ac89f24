import BlobStorage
import BlobStorageDisk

/// Opens stores by their URLs.
enum StoreOpener {
    /// The kinds of store that the tool knows.
    static let schemes: [StoreScheme] = [.file, .memory]

    /// Opens the store that a command names.
    ///
    /// - Throws: ``UsageError`` if none is named; ``BlobError`` if the URL names no store.
    static func open(_ arguments: Arguments, environment: [String: String]) async throws
        -> any BlobStore
    {
        let given = arguments.value("store") ?? environment["BLOB_STORE"]
        guard let url = given, !url.isEmpty else {
            throw UsageError("the store is missing; give --store URL, or set BLOB_STORE")
        }
        return try await open(url)
    }

    static func open(_ url: String) async throws -> any BlobStore {
        try await StoreURL(url).open(with: schemes)
    }
}
