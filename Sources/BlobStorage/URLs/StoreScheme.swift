/// A kind of address that stores can be opened by, such as `file:` or `s3:`.
///
/// Each module brings the schemes of its own stores; what an application opens, it lists:
///
///     let store = try await StoreURL(text).open(with: [.memory, .file, .s3])
public struct StoreScheme: Sendable {
    /// The scheme's name in lower case, without the colon.
    public let name: String
    /// The names of the parameters that may stand behind `?`.
    public let parameters: Set<String>
    let open: @Sendable (StoreURL) async throws -> any BlobStore

    /// Creates a scheme.
    ///
    /// - Parameters:
    ///   - name: The scheme's name in lower case, without the colon.
    ///   - parameters: The names of the parameters that may be given; any other is refused before
    ///     `open` is called.
    ///   - open: Makes the store. What it does not look at, it must refuse: a host, a port, a path.
    public init(
        _ name: String,
        parameters: Set<String> = [],
        open: @escaping @Sendable (StoreURL) async throws -> any BlobStore
    ) {
        self.name = name
        self.parameters = parameters
        self.open = open
    }

    /// `memory:` opens an empty ``InMemoryStore``, another one each time.
    public static let memory = StoreScheme("memory") { url in
        guard url.host == nil, url.path.isEmpty else {
            throw url.invalid("nothing may follow the colon; write memory:")
        }
        return InMemoryStore()
    }
}
