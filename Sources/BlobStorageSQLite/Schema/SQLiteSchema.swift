import BlobStorage

/// What a file must hold, and how to bring an older one up to it.
struct SQLiteSchema: Sendable {
    /// Marks a file as one of ours: "BlSt" in ASCII.
    static let applicationID: Int64 = 0x426C_5374

    /// What brings a file from version n to version n + 1; the first one fills an empty file.
    ///
    /// A step that was released is never changed.
    var migrations: [String]

    /// The version of a file after all steps.
    var version: Int64 { Int64(migrations.count) }

    /// What is kept of a file.
    static let current = SQLiteSchema(migrations: [
        // Text has the collation BINARY: it is compared byte by byte.
        """
        CREATE TABLE documents (
            id TEXT NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL,
            key TEXT NOT NULL,
            state TEXT NOT NULL,
            created INTEGER NOT NULL,
            version INTEGER NOT NULL,
            file_name TEXT,
            content_type TEXT,
            byte_count INTEGER,
            etag TEXT,
            checksum TEXT,
            uploaded INTEGER,
            expires INTEGER,
            attributes TEXT
        ) STRICT;
        CREATE INDEX documents_by_owner ON documents (owner, created, id);
        CREATE INDEX documents_by_owner_and_state ON documents (owner, state, created, id);
        CREATE INDEX documents_by_state ON documents (state, created, id);
        CREATE INDEX documents_by_time ON documents (created, id);
        """
    ])

    /// What a file is to this schema.
    private enum Finding {
        case empty
        case older(Int64)
        case current
    }

    /// Throws unless the file is of this version.
    func check(_ connection: SQLiteConnection, path: String) throws {
        let expected = "prepare() makes it one of version \(version)"
        switch try connection.snapshot({ try finding(connection, path) }) {
        case .current: return
        case .empty:
            throw BlobError(
                .storeNotFound,
                operation: "open",
                message: "the file \"\(EscapedText(path))\" is empty; \(expected)"
            )
        case .older(let found):
            throw BlobError(
                .storeNotFound,
                operation: "open",
                message: "the file \"\(EscapedText(path))\" has version \(found); \(expected)"
            )
        }
    }

    /// Brings a file up to this version.
    func migrate(_ connection: SQLiteConnection, path: String) throws {
        // A look first, so that a file that is up to date is not locked.
        let isCurrent = try connection.snapshot {
            if case .current = try finding(connection, path) { return true }
            return false
        }
        guard !isCurrent else { return }
        try connection.transaction {
            let found: Int64
            switch try finding(connection, path) {
            case .current: return
            case .empty: found = 0
            case .older(let version): found = version
            }
            for migration in migrations[Int(found)...] { try connection.run(migration) }
            // Both stand in the file's header, and are part of the transaction.
            try connection.run("PRAGMA application_id = \(Self.applicationID)")
            try connection.run("PRAGMA user_version = \(version)")
        }
    }

    /// Looks at what is in the file; in a transaction, since another process may be about to fill it.
    private func finding(_ connection: SQLiteConnection, _ path: String) throws -> Finding {
        let application = try connection.number("PRAGMA application_id")
        let found = try connection.number("PRAGMA user_version")
        let file = "the file \"\(EscapedText(path))\""
        if application == Self.applicationID, found > version {
            throw BlobError(
                .unsupported,
                operation: "open",
                message: "\(file) has version \(found); this program knows versions up to "
                    + "\(version): use a newer one"
            )
        }
        if application == Self.applicationID, found > 0 {
            return found == version ? .current : .older(found)
        }
        let count = try connection.number("SELECT count(*) FROM sqlite_schema")
        guard application == 0, found == 0, count == 0 else {
            throw BlobError(
                .unsupported,
                operation: "open",
                message: "\(file) is the database of another application (application_id "
                    + "\(application), \(count) tables and indexes); choose another path"
            )
        }
        return .empty
    }
}
