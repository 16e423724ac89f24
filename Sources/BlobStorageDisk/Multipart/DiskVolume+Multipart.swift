import BlobStorage
import Glibc

extension DiskVolume {
    func createUpload(_ key: BlobKey, _ options: MultipartOptions) throws -> MultipartUpload {
        let staging = try writingParts().staging
        guard let uploads = try privateFolder.open(UploadFolder.parentName, create: true) else {
            throw SystemError("openat", ENOENT)
        }
        let id = UploadFolder.uniqueID()
        do {
            return try UploadFolder.make(
                id,
                key,
                options,
                staging: staging,
                uploads: uploads,
                isDurable: isDurable
            )
        } catch {
            // Nobody knows of it, so nobody could abort it.
            removeTree(id, in: staging)
            removeTree(id, in: uploads)
            throw error
        }
    }

    /// Opens the folder of an upload.
    ///
    /// - Throws: ``BlobError`` of kind `notFound` if there is none.
    func uploadFolder(_ upload: MultipartUpload, _ operation: String) throws -> UploadFolder {
        guard let uploads = try privateFolder.open(UploadFolder.parentName, create: false),
            let folder = try UploadFolder(upload, in: uploads)
        else { throw BlobError.noSuchUpload(upload, operation) }
        return folder
    }

    /// Makes a staged file a part.
    ///
    /// - Parameters:
    ///   - number: The part's number.
    ///   - staged: The file, with all its bytes.
    ///   - upload: The upload that it is of.
    ///   - checksum: The checksum of the bytes, for the one over those of all parts; `nil` leaves it
    ///     to the completion.
    /// - Returns: The part.
    /// - Throws: ``BlobError`` of kind `notFound` if there is no such upload; ``SystemError``.
    func placePart(
        _ number: Int,
        _ staged: StagedFile,
        of upload: MultipartUpload,
        noting checksum: Checksum?
    ) throws -> UploadedPart {
        let folder = try uploadFolder(upload, "uploadPart").folder
        let name = UploadFolder.name(ofPart: number)
        let replaced = try folder.status(of: name)
        let record = checksum.map { AttributeRecord(checksum: $0) }
        let status = try seal(staged, record, replaced: replaced, isPart: true)
        do {
            if try !staged.link(to: folder, name, on: self) { try staged.replace(name, in: folder) }
        } catch let error as SystemError where error.code == ENOENT {
            throw BlobError.noSuchUpload(upload, "uploadPart")
        }
        // From here on the part is there, whatever fails.
        try confirm(upload.key, "uploadPart") {
            do {
                _ = try uploadFolder(upload, "uploadPart")
            } catch let error as BlobError where error.kind == .notFound {
                // It was taken away meanwhile, and whoever did that may not have seen the part.
                removeTree(upload.id, in: try writingParts().staging)
                throw error
            }
            if isDurable { try folder.descriptor.sync() }
        }
        return UploadedPart(number: number, etag: status.etag, byteCount: status.byteCount)
    }

    func completeUpload(
        _ upload: MultipartUpload,
        _ parts: [UploadedPart],
        _ condition: WriteCondition,
        expecting expected: Checksum? = nil
    ) throws -> BlobAttributes {
        let operation = "completeMultipartUpload"
        // Of two that complete one upload at once, the second finds it gone.
        return try writingParts().locks.withLock(.upload, upload.id) {
            let folder = try uploadFolder(upload, operation)
            let found = try parts.map { part in
                try part.check(against: try folder.part(part.number), key: upload.key)
            }
            try multipartLimits.validate(completing: found, key: upload.key)
            // Asked before the bytes are copied; decided under the key's lock.
            try condition.check(
                current: condition == .none ? nil : try currentVersion(of: upload.key, operation),
                operation: operation,
                key: upload.key
            )
            let staged = try stage()
            defer { staged.discard() }
            var record = try folder.record()
            let kept = try folder.checksum()
            record.parts = PartRuns(found.map(\.byteCount))
            let composite = record.parts == nil ? nil : try folder.compositeChecksum()
            let computed = try assemble(
                found,
                of: folder,
                into: staged,
                Set([kept, expected?.algorithm].compactMap { $0 }),
                ofParts: composite
            )
            if let expected, let found = computed.whole[expected.algorithm] {
                try PutChecksum.expect(expected).check(
                    found,
                    operation: operation,
                    key: upload.key
                )
            }
            record.checksum = kept.flatMap { computed.whole[$0] }
            record.composite = composite.map { .composite(of: computed.parts, $0) }
            let attributes = try commit(staged, as: upload.key, record, condition, operation)
            // The blob is there; an upload that could not be removed can be aborted.
            _ = try? drop(folder, operation)
            return attributes
        }
    }

    func abortUpload(_ upload: MultipartUpload) throws {
        guard let uploads = try privateFolder.open(UploadFolder.parentName, create: false),
            try UploadFolder(upload, in: uploads) != nil
        else { return }
        try writingParts().locks.withLock(.upload, upload.id) {
            if let folder = try UploadFolder(upload, in: uploads) {
                try drop(folder, "abortMultipartUpload")
            }
        }
    }

    /// The uploads of keys that begin with a prefix.
    func uploads(prefix: String) throws -> [ListedMultipartUpload] {
        guard let uploads = try privateFolder.open(UploadFolder.parentName, create: false) else {
            return []
        }
        return try FolderListing(uploads).names.compactMap { id in
            guard let folder = try UploadFolder(id: id, in: uploads),
                UTF8Order.hasPrefix(folder.upload.key.text, prefix),
                let created = try folder.created
            else { return nil }
            return ListedMultipartUpload(upload: folder.upload, created: created.lastModified)
        }
    }

    /// Puts the parts behind each other.
    ///
    /// - Returns: The checksums of the whole that were asked for, and those of the parts.
    private func assemble(
        _ parts: [UploadedPart],
        of folder: UploadFolder,
        into staged: StagedFile,
        _ algorithms: Set<ChecksumAlgorithm>,
        ofParts composite: ChecksumAlgorithm?
    ) throws -> (whole: [ChecksumAlgorithm: Checksum], parts: [Checksum]) {
        var hashers = algorithms.map { ChecksumHasher($0) }
        var partChecksums: [Checksum] = []
        var offset: Int64 = 0
        for part in parts {
            let name = UploadFolder.name(ofPart: part.number)
            let file = try folder.folder.open(name, O_RDONLY)
            // A part may have been sent again since it was compared.
            guard try file.fileStatus().etag == part.etag else {
                throw BlobError(
                    .conflict,
                    operation: "completeMultipartUpload",
                    key: folder.upload.key,
                    message: "part \(part.number) was sent again meanwhile"
                )
            }
            let all = FileRange(file, offset: 0, byteCount: part.byteCount)
            try staged.descriptor.copy(all, to: offset)
            for index in hashers.indices {
                try hashers[index].update(file, byteCount: part.byteCount)
            }
            if let composite { partChecksums.append(try checksum(of: part, file, composite)) }
            offset += part.byteCount
        }
        let checksums = hashers.map { $0.checksum() }
        let whole = Dictionary(uniqueKeysWithValues: checksums.map { ($0.algorithm, $0) })
        return (whole, partChecksums)
    }

    /// The checksum of a part: the one that was noted as it came, or else that of its bytes.
    private func checksum(
        of part: UploadedPart,
        _ file: FileDescriptor,
        _ algorithm: ChecksumAlgorithm
    ) throws -> Checksum {
        if let noted = try attributeStore.noted(on: file), noted.version == part.etag.text,
            let checksum = noted.checksum, checksum.algorithm == algorithm
        {
            return checksum
        }
        var hasher = ChecksumHasher(algorithm)
        try hasher.update(file, byteCount: part.byteCount)
        return hasher.checksum()
    }

    /// Takes an upload away at once, and then its files.
    private func drop(_ folder: UploadFolder, _ operation: String) throws {
        let staging = try writingParts().staging
        guard let uploads = try privateFolder.open(UploadFolder.parentName, create: false) else {
            return
        }
        try uploads.rename(folder.upload.id, to: staging, folder.upload.id)
        defer { removeTree(folder.upload.id, in: staging) }
        if isDurable { try confirm(folder.upload.key, operation) { try uploads.descriptor.sync() } }
    }
}

extension ChecksumHasher {
    /// Bytes that are read at a time.
    private static let stepByteCount: Int64 = 1 << 20

    /// Takes in an open file.
    mutating func update(_ file: FileDescriptor, byteCount: Int64) throws {
        var offset: Int64 = 0
        while offset < byteCount {
            try Task.checkCancellation()
            let step = min(Self.stepByteCount, byteCount - offset)
            let bytes = try file.read(Int(step), at: offset)
            guard !bytes.isEmpty else { return }
            update(bytes)
            offset += Int64(bytes.count)
        }
    }
}
