import BlobStorage
import CBlobStorageSystem
import Glibc

extension DiskVolume {
    /// Copies a blob; its blocks are shared where the file system can do that.
    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        _ options: CopyOptions
    ) throws -> BlobAttributes {
        let blob = try open(source, options.sourceConditions, operation: "copy")
        var record = AttributeRecord()
        record.headers = blob.attributes.headers
        record.metadata = blob.attributes.metadata
        record.checksum = blob.attributes.checksum
        record.tags = options.tags ?? blob.tags
        if case .replace(let headers, let metadata) = options.attributes {
            record.headers = headers
            record.metadata = metadata
        }
        let staged = try stage()
        defer { staged.discard() }
        if !clone(blob.file, to: staged.descriptor) {
            let all = FileRange(blob.file, offset: 0, byteCount: blob.status.byteCount)
            try staged.descriptor.copy(all, to: 0)
        }
        return try commit(staged, as: destination, record, options.condition, "copy")
    }

    /// Makes one file share the blocks of another.
    ///
    /// - Returns: `false` if the file system can't.
    func clone(_ source: FileDescriptor, to destination: FileDescriptor) -> Bool {
        guard has(.clones) else { return false }
        let result = ignoringInterrupts {
            cblobstorage_clone_file(destination.number, source.number)
        }
        if result == 0 { return true }
        // Anything else, such as a full disk, is of this file alone.
        if [EOPNOTSUPP, ENOTTY, ENOSYS, EINVAL].contains(errno) { giveUp(.clones) }
        return false
    }
}
