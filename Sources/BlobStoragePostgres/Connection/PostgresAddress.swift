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
            throw Self.unreadable
        }
        defer { PQconninfoFree(options) }
        let values = Self.values(options)
        // A password whose special characters are not in percent form makes libpq take a part of it for
        // the host, the port or the database.
        let places = ["host", "hostaddr", "port", "dbname"].compactMap { values[$0] }
        let isPort = values["port"]?.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2C }
        guard !places.contains(where: { $0.utf8.contains(UInt8(ascii: "@")) }), isPort ?? true
        else {
            throw Self.unreadable
        }
        self.text = text
        let host = values["host"] ?? values["hostaddr"] ?? "the default host"
        let port = values["port"].map { ":\($0)" } ?? ""
        let database = values["dbname"].map { "/\($0)" } ?? ""
        name = "\(EscapedText(host + port + database))"
    }

    private static let unreadable = BlobError(
        .invalidArgument,
        operation: "postgres",
        message: "the connection string can't be read; write "
            + "postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full, with what is special in URLs "
            + "in percent form"
    )

    private static func values(
        _ options: UnsafeMutablePointer<PQconninfoOption>
    ) -> [String: String] {
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                values[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return values
    }
}

extension PostgresAddress: CustomStringConvertible, CustomReflectable {
    /// Server and database alone.
    var description: String { name }

    /// Shows server and database alone to `dump`.
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
