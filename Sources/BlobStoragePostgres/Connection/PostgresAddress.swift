import BlobStorage
import CBlobStoragePostgres

/// Where a database is and who asks, as a connection string of PostgreSQL; it may hold a password.
struct PostgresAddress: Sendable {
    /// The string, to hand to libpq and to nobody else.
    let text: String
    /// Server and database, for messages.
    let name: String

    /// - Throws: `BlobError` of kind `invalidArgument`. What libpq says of a string that it can't read
    ///   quotes it, and so is not told.
    init(_ text: String) throws {
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else {
            throw BlobError(
                .invalidArgument,
                operation: "postgres",
                message: "the connection string can't be read; write "
                    + "postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full, with what is special "
                    + "in URLs in percent form"
            )
        }
        defer { PQconninfoFree(options) }
        self.text = text
        name = Self.name(options)
    }

    private static func name(_ options: UnsafeMutablePointer<PQconninfoOption>) -> String {
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        let host = values["host"] ?? values["hostaddr"] ?? "the default host"
        let port = values["port"].map { ":\($0)" } ?? ""
        let database = values["dbname"].map { "/\($0)" } ?? ""
        return "\(EscapedText(host + port + database))"
    }
}

extension PostgresAddress: CustomStringConvertible, CustomReflectable {
    /// Server and database alone.
    var description: String { name }

    /// Shows server and database alone to `dump`.
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
