/// The address of a store, as a configuration file has it: `file:///var/files?durability=relaxed`.
///
///     let store = try await StoreURL(text).open(with: [.memory, .file])
///
/// A scheme, then a host with a port or none, a path, and parameters. The parser takes RFC 3986 by
/// its word and refuses what could be read in two ways; it refuses user information and fragments
/// too, since credentials don't belong into an address. No error repeats what it found beyond the
/// names of the scheme and of parameters.
///
/// - SeeAlso: RFC 3986
public struct StoreURL: Sendable {
    /// The most bytes of an address.
    public static let maximumByteCount = 4_096

    /// The scheme in lower case, such as `file`.
    public let scheme: String
    /// What stands behind `//`, as given; empty in `file:///a`, `nil` in `file:/a` and `memory:`.
    public let host: String?
    /// The port behind the host.
    public let port: Int?
    /// The path with `%2E` and the like decoded; not normalized, so `..` stays what it is.
    public let path: String
    /// The parameters behind `?`: values by names, decoded.
    public let parameters: [String: String]

    /// Reads an address.
    ///
    /// - Parameter text: The address. `+` stands for itself; a space is `%20`.
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public init(_ text: String) throws {
        let parts = try StoreURLParser.parse(Array(text.utf8))
        scheme = parts.scheme
        host = parts.host
        port = parts.port
        path = parts.path
        parameters = parts.parameters
    }

    /// Opens the store with the scheme that the address names.
    ///
    /// - Parameter schemes: The schemes that may be named.
    /// - Returns: The store; not yet prepared.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if none has that name or a parameter is
    ///   unknown; what the scheme throws.
    public func open(with schemes: [StoreScheme]) async throws -> any BlobStore {
        guard let scheme = schemes.first(where: { $0.name == self.scheme }) else {
            let known = schemes.isEmpty ? "none" : schemes.map(\.name).sorted().listed
            throw Self.invalid("the scheme is \(Self.shown(self.scheme)); known are: \(known)")
        }
        for name in parameters.keys.sorted() where !scheme.parameters.contains(name) {
            let known =
                scheme.parameters.isEmpty
                ? "it takes none" : "known are: \(scheme.parameters.sorted().listed)"
            throw invalid("there is no parameter \"\(name)\"; \(known)")
        }
        return try await scheme.open(self)
    }

    /// The value that a parameter stands for.
    ///
    /// - Parameters:
    ///   - name: The parameter.
    ///   - choices: Values by the texts that may be given.
    /// - Returns: The value; `nil` if the parameter is not given.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the text is none of `choices`.
    public func parameter<Value>(
        _ name: String,
        oneOf choices: [String: Value]
    ) throws -> Value? {
        guard let text = parameters[name] else { return nil }
        guard let choice = choices.first(where: { UTF8Order.equal($0.key, text) }) else {
            throw invalid("\(name) is not one of: \(choices.keys.sorted().listed)")
        }
        return choice.value
    }

    /// The error to throw for an address that a scheme can't open.
    ///
    /// - Parameter message: What is wrong and what would be right. It must not repeat the address,
    ///   in which somebody may have put a secret.
    /// - Returns: An error of kind `invalidArgument` that names the scheme.
    public func invalid(_ message: String) -> BlobError {
        Self.invalid("\(scheme): \(message)")
    }

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "open", message: message)
    }

    /// A scheme that nobody knows, for an error.
    ///
    /// A misplaced access key reads like a scheme, so only what is as short as a scheme is shown.
    private static func shown(_ scheme: String) -> String {
        scheme.utf8.count <= 10 ? "\"\(scheme)\"" : "unknown"
    }
}

extension [String] {
    fileprivate var listed: String { joined(separator: ", ") }
}
