import BlobStorage

/// What a command works with.
struct Context {
    let arguments: Arguments
    let console: Console
    let environment: [String: String]

    /// The URL of the store that the command line names.
    func storeURL() throws -> String {
        try StoreOpener.url(arguments, environment: environment)
    }

    /// Opens the store that the command line names.
    func store() async throws -> any BlobStore {
        try await StoreOpener.open(storeURL())
    }

    /// The same store, with the bytes counted if a progress bar shows them.
    func meteredStore() async throws -> any BlobStore {
        let store = try await store()
        return console.progress.isActive
            ? MeteredStore(base: store, progress: console.progress) : store
    }
}
