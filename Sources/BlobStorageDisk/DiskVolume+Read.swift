import BlobStorage
import Glibc

/// A blob's file, open for reading.
struct OpenBlob {
    let file: FileDescriptor
    let status: FileStatus
    let attributes: BlobAttributes
    let record: AttributeRecord?

    var tags: BlobTags { record?.tags ?? BlobTags() }

    /// Of which parts these bytes were made; `nil` if nothing is known of any.
    var parts: BlobParts? {
        // Another program may have changed the bytes since they were put together.
        guard let record, record.version == status.etag.text,
            let byteCounts = record.parts?.byteCounts(inByteCount: status.byteCount)
        else { return nil }
        return BlobParts(byteCounts: byteCounts, checksum: record.composite)
    }
}

extension DiskVolume {
    /// Opens a blob and decides a reader's conditions.
    func open(
        _ key: BlobKey,
        _ conditions: ReadConditions,
        operation: String
    ) throws -> OpenBlob {
        for attempt in 0..<Self.maximumAttempts {
            let (file, status) = try openFile(key, operation)
            try conditions.check(
                etag: status.etag,
                lastModified: status.lastModified,
                operation: operation,
                key: key
            )
            let record: AttributeRecord?
            switch try attributeStore.read(file, status) {
            case .record(let found): record = found
            case .none: record = nil
            case .noneBeside:
                // A writer who has replaced the file meanwhile has removed its record as well.
                guard try file.fileStatus().nameCount > 0 else {
                    Self.giveWay(attempt)
                    continue
                }
                record = nil
            case .unreadable: throw unreadable(key, operation)
            }
            let attributes = attributes(key, status, record)
            return OpenBlob(file: file, status: status, attributes: attributes, record: record)
        }
        throw contention(operation, key)
    }

    /// The attributes that a file's status and its record make.
    func attributes(
        _ key: BlobKey,
        _ status: FileStatus,
        _ record: AttributeRecord?
    ) -> BlobAttributes {
        let etag = status.etag
        return BlobAttributes(
            key: key,
            byteCount: status.byteCount,
            etag: etag,
            lastModified: status.lastModified,
            headers: (record?.headers ?? ContentHeaders()).resolved(for: key),
            metadata: record?.metadata ?? BlobMetadata(),
            // Another program may have changed the bytes since the checksum was computed.
            checksum: record?.version == etag.text ? record?.checksum : nil
        )
    }

    func unreadable(_ key: BlobKey, _ operation: String) -> BlobError {
        let message =
            "the attributes on the file \"\(EscapedText(DiskPath(key).text))\" are unreadable; "
            + "fsck(repair: true) drops them and keeps the bytes"
        return BlobError(.corrupted, operation: operation, key: key, message: message)
    }

    func noSuchBlob(_ key: BlobKey, _ operation: String) -> BlobError {
        BlobError(.notFound, operation: operation, key: key, message: "there is no such blob")
    }

    private func openFile(
        _ key: BlobKey,
        _ operation: String
    ) throws -> (FileDescriptor, FileStatus) {
        if let found = try openFileIfThere(key, operation) { return found }
        // Without an atomic exchange a blob is without a name for a moment while its folder is
        // made; that happens under its lock.
        if try knowsSwaps {
            let found = try writingParts().locks.withLock(.key, key.text) {
                try finishSwap(of: key)
                return try openFileIfThere(key, operation)
            }
            if let found { return found }
        }
        throw noSuchBlob(key, operation)
    }

    func openFileIfThere(
        _ key: BlobKey,
        _ operation: String
    ) throws -> (FileDescriptor, FileStatus)? {
        // Not to wait for a FIFO's other end, and not to become a terminal's owner.
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
        let path = DiskPath(key).text
        do {
            let file = try confinement.open(path, beneath: root.descriptor, flags)
            let status = try file.fileStatus()
            switch status.kind {
            case .file: return (file, status)
            case .special(let kind): throw special(kind, path, key, operation)
            case .folder:
                let folder = Folder(descriptor: file, path: path)
                let selfFile = try folder.open(ReservedName.selfFile, flags)
                let status = try selfFile.fileStatus()
                guard status.isFile else {
                    throw special("no regular file", path, key, operation)
                }
                return (selfFile, status)
            }
        } catch let error as SystemError {
            switch error.code {
            case ENOENT, ENOTDIR: return nil
            case ELOOP: throw special("a symbolic link", path, key, operation)
            case ENXIO: throw special("a socket", path, key, operation)
            default: throw error
            }
        }
    }

    /// Something that is no blob lies where a blob would.
    func special(
        _ kind: String,
        _ path: String,
        _ key: BlobKey,
        _ operation: String
    ) -> BlobError {
        BlobError(
            .corrupted,
            operation: operation,
            key: key,
            message: "at or above \"\(EscapedText(path))\" is \(kind), which is never followed; "
                + "move it away or use another key"
        )
    }
}
