import BlobStorage
import CBlobStorageSystem
import Glibc

/// Keeps attribute records: on the file itself, or beside where a file can't hold them.
///
/// On the file it is one extended attribute, so that a link or a rename commits bytes and
/// attributes together. Where the file system has none, or the record is too large, it is a file in
/// the private folder, named for the inode and its time, and written before the commit: a reader
/// finds the one that belongs to the bytes it has open, whatever is committed meanwhile.
struct AttributeStore: Sendable {
    private static let attribute = "user.blob-storage"
    /// The value of the attribute where the record did not fit.
    private static let elsewhere = "elsewhere\n"
    /// The folder for records in the private folder.
    static let folderName = "attributes"
    /// The most bytes of a record: metadata 2 KiB, six headers of 1 KiB, ten tags of 384 UTF-16
    /// units, which are 1,152 bytes at most, parts 5 KiB, names and checksums.
    static let maximumByteCount = 32 << 10

    let usesExtendedAttributes: Bool
    let privateFolder: PrivateFolder

    /// What is known of an open file's attributes.
    enum Reading {
        case record(AttributeRecord)
        case none
        /// No record lies beside the file: there was none, or it went when the file was replaced.
        case noneBeside
        /// There is something, and it is no record.
        case unreadable
    }

    /// Reads the record of an open file.
    func read(_ file: FileDescriptor, _ status: FileStatus) throws -> Reading {
        guard usesExtendedAttributes else { return try readRecordFile(status) }
        while true {
            guard let bytes = try readAttribute(file) else { return .none }
            guard bytes.elementsEqual(Self.elsewhere.utf8) else {
                return AttributeRecord(text: bytes).map { .record($0) } ?? .unreadable
            }
            let reading = try readRecordFile(status)
            guard case .noneBeside = reading else { return reading }
            // Somebody may have replaced it a moment ago by one that has room on the file.
            guard try readAttribute(file) != bytes else { return reading }
        }
    }

    /// Writes the record of a file that has no name yet.
    ///
    /// - Parameters:
    ///   - record: What the blob has beyond its bytes.
    ///   - file: The file.
    ///   - status: The file's inode and time, which a record beside it is named for.
    ///   - isDurable: Whether a record beside the file is synced too.
    /// - Throws: ``SystemError``.
    func write(
        _ record: AttributeRecord,
        to file: FileDescriptor,
        _ status: FileStatus,
        isDurable: Bool
    ) throws {
        guard usesExtendedAttributes else {
            return try writeRecordFile(record, status, isDurable: isDurable)
        }
        guard setAttribute(record.text, on: file) else {
            let error = SystemError.last("fsetxattr")
            // The file system holds less than the record: 4 KiB with all others on ext4.
            guard [ENOSPC, E2BIG, ERANGE].contains(error.code) else { throw error }
            // Sizes of many parts are not worth that the user's own attributes leave the file.
            if record.parts != nil, setAttribute(record.withoutParts.text, on: file) { return }
            guard setAttribute(Self.elsewhere, on: file) else {
                throw SystemError.last("fsetxattr")
            }
            return try writeRecordFile(record, status, isDurable: isDurable)
        }
    }

    /// Notes on a file that will be a part what can be found out again by reading it.
    ///
    /// Never beside the file, and it is no failure if there is no room: a part is gone soon, and
    /// nobody would look for what lay beside it.
    func note(_ record: AttributeRecord, on file: FileDescriptor) {
        guard usesExtendedAttributes else { return }
        _ = setAttribute(record.text, on: file)
    }

    /// What was noted on a part's file; `nil` if nothing was.
    func noted(on file: FileDescriptor) throws -> AttributeRecord? {
        guard usesExtendedAttributes, let bytes = try readAttribute(file) else { return nil }
        return AttributeRecord(text: bytes)
    }

    /// Replaces the record of a file that has a name, at once: a reader finds the old or the new.
    ///
    /// - Parameters:
    ///   - record: What the blob has beyond its bytes.
    ///   - file: The file.
    ///   - status: The file's inode and time.
    ///   - staging: Where a record that lies beside the file is written before it counts.
    ///   - isDurable: Whether the record is on the disk afterwards.
    /// - Throws: ``SystemError``.
    func replace(
        _ record: AttributeRecord,
        of file: FileDescriptor,
        _ status: FileStatus,
        staging: Folder,
        isDurable: Bool
    ) throws {
        guard usesExtendedAttributes else {
            return try replaceRecordFile(record, status, staging, isDurable: isDurable)
        }
        if setAttribute(record.text, on: file) {
            if isDurable { try file.sync() }
            // There may be one from when it did not fit.
            return try remove(of: status)
        }
        let error = SystemError.last("fsetxattr")
        guard [ENOSPC, E2BIG, ERANGE].contains(error.code) else { throw error }
        // The file is told to have its record elsewhere only once that is there.
        try replaceRecordFile(record, status, staging, isDurable: isDurable)
        guard setAttribute(Self.elsewhere, on: file) else { throw SystemError.last("fsetxattr") }
        if isDurable { try file.sync() }
    }

    private func replaceRecordFile(
        _ record: AttributeRecord,
        _ status: FileStatus,
        _ staging: Folder,
        isDurable: Bool
    ) throws {
        guard let folder = try privateFolder.open(Self.folderName, create: true) else { return }
        let name = StagedFile.uniqueName()
        let file = try staging.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        do {
            var text = record.text
            try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0), at: 0) }
            if isDurable { try file.sync() }
            try staging.rename(name, to: folder, Self.name(of: status))
        } catch {
            _ = try? staging.remove(name)
            throw error
        }
        if isDurable { try folder.descriptor.sync() }
    }

    /// Drops whatever is kept of an open file's attributes.
    func drop(_ file: FileDescriptor, _ status: FileStatus) throws {
        try remove(of: status)
        guard usesExtendedAttributes else { return }
        let result = ignoringInterrupts {
            cblobstorage_removexattr(file.number, Self.attribute)
        }
        guard result == 0 || errno == ENODATA else {
            throw SystemError.last("fremovexattr")
        }
    }

    /// Removes the record of a file that has lost a name, if it lay beside the file.
    ///
    /// What can't be removed is left to fsck: nobody reads it, and what was done to the file stands.
    ///
    /// - Parameter status: The file's status when it had the name.
    func discard(of status: FileStatus) {
        // Another program may have given the file more names, which keep the record.
        guard status.nameCount <= 1 else { return }
        _ = try? remove(of: status)
    }

    private func remove(of status: FileStatus) throws {
        guard let folder = try privateFolder.open(Self.folderName, create: false) else { return }
        try folder.remove(Self.name(of: status))
    }

    /// Whether a file system takes extended attributes.
    static func works(on file: FileDescriptor) -> Bool {
        var byte: UInt8 = 0
        let count = cblobstorage_getxattr(file.number, attribute, &byte, 1)
        return count >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS)
    }

    /// The name of the record file that belongs to a version of a file.
    static func name(of status: FileStatus) -> String {
        "\(String(status.inode, radix: 16))-\(String(status.modified, radix: 16))"
    }

    private func readAttribute(_ file: FileDescriptor) throws -> [UInt8]? {
        var errorCode: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.maximumByteCount) { buffer, count in
            let result = ignoringInterrupts {
                cblobstorage_getxattr(
                    file.number,
                    Self.attribute,
                    buffer.baseAddress,
                    buffer.count
                )
            }
            if result < 0 { errorCode = errno }
            count = max(0, Int(result))
        }
        switch errorCode {
        case 0: return bytes
        case ENODATA, EOPNOTSUPP: return nil
        case ERANGE: return []
        default: throw SystemError("fgetxattr", errorCode)
        }
    }

    private func setAttribute(_ text: String, on file: FileDescriptor) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            ignoringInterrupts {
                cblobstorage_setxattr(file.number, Self.attribute, bytes.baseAddress, bytes.count)
            } == 0
        }
    }

    private func readRecordFile(_ status: FileStatus) throws -> Reading {
        guard let folder = try privateFolder.open(Self.folderName, create: false) else {
            return .noneBeside
        }
        do {
            let file = try folder.open(Self.name(of: status), O_RDONLY)
            let bytes = try file.read(Self.maximumByteCount, at: 0)
            return AttributeRecord(text: bytes).map { .record($0) } ?? .unreadable
        } catch let error as SystemError where error.code == ENOENT {
            return .noneBeside
        }
    }

    private func writeRecordFile(
        _ record: AttributeRecord,
        _ status: FileStatus,
        isDurable: Bool
    ) throws {
        guard let folder = try privateFolder.open(Self.folderName, create: true) else { return }
        let name = Self.name(of: status)
        // A record of this name can only be of a file that is gone.
        try folder.remove(name)
        let file = try folder.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        do {
            var text = record.text
            try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0), at: 0) }
            guard isDurable else { return }
            try file.sync()
            try folder.descriptor.sync()
        } catch {
            _ = try? folder.remove(name)
            throw error
        }
    }
}
