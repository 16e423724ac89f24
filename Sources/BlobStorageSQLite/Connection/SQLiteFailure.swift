import BlobStorage
import CBlobStorageSQLite
import Glibc

/// A call of SQLite that failed.
struct SQLiteFailure: Error, Sendable, Hashable {
    /// SQLite's extended code, such as `SQLITE_IOERR_WRITE`.
    let code: Int32
    /// What SQLite says.
    let message: String
    /// The number of the system's own failure behind it; 0 if there is none.
    let systemCode: Int32
    /// Whether it was the end of a change that failed.
    var isCommit = false

    /// The code without its extension.
    var primaryCode: Int32 { code & 0xFF }

    /// The kind of error that it is to the store's caller.
    var kind: BlobError.Kind {
        // What reached the log before the disk failed may count when the log is read next time.
        if isCommit, primaryCode == SQLITE_IOERR { return .outcomeUnknown }
        switch systemCode {
        case ENOSPC, EDQUOT: return .outOfSpace
        case EACCES, EPERM, EROFS: return .permissionDenied
        case EISDIR: return .invalidArgument
        case EMFILE, ENFILE, ENOMEM: return .unavailable
        default: break
        }
        switch primaryCode {
        // SQLite tries to read what it may not write, and then says that it is not there.
        case SQLITE_CANTOPEN: return .permissionDenied
        case SQLITE_BUSY, SQLITE_LOCKED: return .timedOut
        case SQLITE_FULL: return .outOfSpace
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: return .permissionDenied
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupted
        case SQLITE_TOOBIG: return .tooLarge
        case SQLITE_SCHEMA, SQLITE_ERROR: return .corrupted
        default: return .unavailable
        }
    }

    /// Whether the connection is as good as before.
    var leavesConnectionUsable: Bool {
        [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CONSTRAINT, SQLITE_FULL].contains(primaryCode)
    }

    /// The error for the store's caller.
    func error(_ operation: String, path: String) -> BlobError {
        var text = "the file \"\(EscapedText(path))\": \(EscapedText(message))"
        switch primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED: text += "; other writers held it all the time allowed"
        case SQLITE_NOTADB: text += "; it is no database of SQLite"
        default: break
        }
        if systemCode != 0 { text += " (\(String(cString: strerror(systemCode))))" }
        return BlobError(
            kind,
            operation: operation,
            message: "\(text) (SQLite \(code))",
            underlying: systemCode == 0 ? nil : SystemError("sqlite3", systemCode)
        )
    }
}
