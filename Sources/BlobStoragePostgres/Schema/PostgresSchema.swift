import BlobStorage

/// What a database must hold, and how to bring an older one up to it.
struct PostgresSchema: Sendable {
    /// The table's name.
    let table: String
    /// What brings a table from version n to version n + 1, given its name; the first makes it.
    ///
    /// A step that was released is never changed.
    var migrations: [@Sendable (String) -> [String]] = [Self.makeTable]

    /// The version of a table after all steps.
    var version: Int { migrations.count }

    /// The longest name: PostgreSQL cuts names at 63 bytes, and those of indexes are longer.
    static let maximumNameByteCount = 40

    /// - Throws: `BlobError` of kind `invalidArgument`.
    init(table: String) throws {
        let isName = table.utf8.enumerated().allSatisfy { place, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): place > 0
            default: false
            }
        }
        guard isName, (1...Self.maximumNameByteCount).contains(table.utf8.count) else {
            throw BlobError(
                .invalidArgument,
                operation: "postgres",
                message: "the table name \"\(EscapedText(table))\" is none; it has 1 to "
                    + "\(Self.maximumNameByteCount) of a–z, 0–9 and \"_\", and begins with no digit"
            )
        }
        self.table = table
    }

    private static let makeTable: @Sendable (String) -> [String] = { table in
        // Ids are compared byte by byte; of other texts only whether they are equal matters.
        let make = """
            CREATE TABLE "\(table)" (
                id text COLLATE "C" NOT NULL PRIMARY KEY,
                owner text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                state text COLLATE "C" NOT NULL,
                created bigint NOT NULL,
                version bigint NOT NULL,
                file_name text,
                content_type text,
                byte_count bigint,
                etag text,
                checksum text,
                uploaded bigint,
                expires bigint,
                attributes json,
                change text NOT NULL
            )
            """
        let indexes = [
            "by_owner": "owner, created, id", "by_owner_and_state": "owner, state, created, id",
            "by_state": "state, created, id", "by_time": "created, id",
        ]
        return [make]
            + indexes.sorted { $0.key < $1.key }.map { name, columns in
                "CREATE INDEX \"\(table)_\(name)\" ON \"\(table)\" (\(columns))"
            }
    }

    // MARK: Versions

    /// What the comment on a table of ours begins with; the version follows.
    private static let comment = "Records of swift-blob-storage, version "

    /// What a database is to this schema.
    private enum Finding {
        case empty
        case older(Int)
        case current
    }

    /// Throws unless the table is of this version.
    func check(_ connection: PostgresConnection) throws {
        let found: String
        switch try finding(connection) {
        case .current: return
        case .empty: found = "there is no table \"\(table)\""
        case .older(let version): found = "the table \"\(table)\" has version \(version)"
        }
        throw BlobError(
            .storeNotFound,
            operation: "open",
            message: "\(found); prepare() makes it one of version \(version)"
        )
    }

    /// Makes the table, or brings it up to this version.
    func migrate(_ connection: PostgresConnection) throws {
        // A look first: who only works with the table needs no rights to make one.
        if case .current = try finding(connection) { return }
        try connection.transaction {
            // One at a time, whoever has the same table.
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
            try connection.run(lock, [.text("swift-blob-storage \(table)")])
            let first: Int
            switch try finding(connection) {
            case .current: return
            case .empty: first = 0
            case .older(let version): first = version
            }
            for migration in migrations[first...] {
                for statement in migration(table) { try connection.run(statement) }
            }
            try connection.run("COMMENT ON TABLE \"\(table)\" IS '\(Self.comment)\(version)'")
        }
    }

    private func finding(_ connection: PostgresConnection) throws -> Finding {
        // A look into the catalogue itself: `to_regclass` may still know what was true before a wait
        // for the lock.
        let look = """
            SELECT coalesce(obj_description(oid, 'pg_class'), '') FROM pg_catalog.pg_class
            WHERE relname = $1 AND pg_table_is_visible(oid)
            """
        let comment = try connection.row(look, [.text(table)]) { try $0.text(0) ?? "" }
        guard let comment else { return .empty }
        guard UTF8Order.hasPrefix(comment, Self.comment),
            let found = Int(comment.dropFirst(Self.comment.count)), found > 0
        else {
            throw BlobError(
                .unsupported,
                operation: "open",
                message: "the table \"\(table)\" is not one of this store's: it lacks the comment "
                    + "\"\(Self.comment)…\"; choose another name"
            )
        }
        guard found <= version else {
            throw BlobError(
                .unsupported,
                operation: "open",
                message:
                    "the table \"\(table)\" has version \(found); this program knows versions up "
                    + "to \(version): use a newer one"
            )
        }
        return found == version ? .current : .older(found)
    }
}
