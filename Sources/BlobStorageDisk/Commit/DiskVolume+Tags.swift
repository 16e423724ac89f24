import BlobStorage

extension DiskVolume {
    /// Replaces the tags of a blob, and nothing else of it.
    ///
    /// Under the key's lock, so that the file that is changed is the one that has the name, and of
    /// two calls at once the later one counts. A reader finds the old tags or the new ones.
    func setTags(_ tags: BlobTags, of key: BlobKey) throws {
        let operation = "setTags"
        let parts = try writingParts()
        try parts.locks.withLock(.key, key.text) {
            // Another process may have been killed while the blob had no name.
            try finishSwap(of: key)
            guard let (file, status) = try openFileIfThere(key, operation) else {
                throw noSuchBlob(key, operation)
            }
            var record = AttributeRecord()
            switch try attributeStore.read(file, status) {
            case .record(let found): record = found
            case .unreadable: throw unreadable(key, operation)
            case .none, .noneBeside:
                record.headers = ContentHeaders().resolved(for: key)
                record.version = status.etag.text
            }
            guard record.tags != tags else { return }
            record.tags = tags
            try attributeStore.replace(
                record,
                of: file,
                status,
                staging: parts.staging,
                isDurable: isDurable
            )
        }
    }
}
