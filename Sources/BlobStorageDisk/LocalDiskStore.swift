public import BlobStorage
import Glibc

/// A store whose blobs are files in a folder.
///
/// The blob `uploads/42/cat.jpg` is the file `uploads/42/cat.jpg` beneath the root: a web server
/// can serve it, a person can open it, and a folder of files that is there already is a store. What
/// a file system can't hold is escaped; attributes ride on the files. Several processes may use one
/// folder at once.
///
/// A write is all or nothing, also when the process is killed in the middle of it, and with
/// ``Durability/full`` it is on the disk when it returns. No key and no symbolic link leads out of
/// the root.
public final class LocalDiskStore: BlobStore {
    let rootPath: String
    let durability: Durability
    private let features: DiskFeatures
    private let opened = Locked<DiskVolume?>(nil)

    /// What the parts of an upload may be; S3's own rules unless told otherwise.
    public let multipartLimits: MultipartLimits

    /// Creates a store over a folder; nothing is opened or made yet.
    ///
    /// - Parameters:
    ///   - root: The folder's path.
    ///   - durability: When a write counts as done.
    ///   - multipartLimits: What the parts of an upload may be.
    public convenience init(
        root: String,
        durability: Durability = .full,
        multipartLimits: MultipartLimits = .s3
    ) {
        self.init(
            root: root,
            durability: durability,
            multipartLimits: multipartLimits,
            features: .all
        )
    }

    package init(
        root: String,
        durability: Durability,
        multipartLimits: MultipartLimits = .s3,
        features: DiskFeatures
    ) {
        rootPath = root
        self.durability = durability
        self.multipartLimits = multipartLimits
        self.features = features
    }

    deinit {
        opened.withLock { $0 }?.pausedWalks.close()
    }

    /// Everything; the file system sets the largest size.
    public var capabilities: Capabilities { Capabilities() }

    /// Makes the root folder if there is none.
    public func prepare() async throws {
        let (path, isDurable) = (rootPath, durability == .full)
        try await blocking("prepare", nil) {
            try DiskVolume.check(path)
            try makeRoot(path, isDurable: isDurable)
        }
        try await perform("prepare", nil) { _ in }
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "put", key: key)
        var record = AttributeRecord()
        record.headers = options.headers
        record.metadata = options.metadata
        record.tags = options.tags
        let upload = StagedUpload(key: key, operation: "put", checksum: options.checksum)
        return try await write(upload, body) { [record] volume, staged, checksum in
            var record = record
            record.checksum = checksum
            return try volume.commit(staged, as: key, record, options.condition, "put")
        }
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try range?.validate(operation: "get", key: key)
        return try await perform("get", key) { volume in
            let blob = try volume.open(key, options.conditions, operation: "get")
            let count = blob.status.byteCount
            let bytes = try range?.resolved(inByteCount: count, key: key) ?? 0..<count
            let part = FileRange(
                blob.file,
                offset: bytes.lowerBound,
                byteCount: bytes.upperBound - bytes.lowerBound
            )
            var body = BlobBody(part)
            if part.byteCount <= Self.smallByteCount {
                // One trip to the threads that block does it all.
                let read = try blob.file.read(Int(part.byteCount), at: part.offset)
                guard Int64(read.count) == part.byteCount else {
                    throw BlobError(
                        .corrupted,
                        operation: "get",
                        key: key,
                        message: "the file was cut while it was read"
                    )
                }
                body = BlobBody(read)
            }
            if range == nil, options.verifiesChecksum, let checksum = blob.attributes.checksum {
                body = body.verified(by: checksum, operation: "get", key: key)
            }
            return Blob(attributes: blob.attributes, range: bytes, body: body)
        }
    }

    /// A body of up to this many bytes is read at once.
    static let smallByteCount: Int64 = 64 << 10

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await perform("head", key) { volume in
            try volume.open(key, options.conditions, operation: "head").attributes
        }
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await perform("delete", key) { volume in
            try volume.delete(key, condition: options.condition)
        }
    }

    /// Deletes many blobs.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await perform("delete", nil) { try $0.delete(keys) }
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await perform("list", nil) { try $0.list(options) }
    }

    /// Copies a blob inside the store; on file systems that can, the copy shares its blocks.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "copy", key: destination)
        return try await perform("copy", source) { volume in
            try volume.copy(source, to: destination, options)
        }
    }
}

extension LocalDiskStore {
    /// Runs a blocking call on the threads for that, with the root open.
    func perform<Value: Sendable>(
        _ operation: String,
        _ key: BlobKey?,
        _ body: @Sendable (DiskVolume) throws -> Value
    ) async throws -> Value {
        try await blocking(operation, key) {
            let volume = try volume()
            do {
                return try body(volume)
            } catch {
                // Another sync of the same descriptor would say that all is well.
                if Self.isFailedSync(error) { forget(volume) }
                throw error
            }
        }
    }

    private static func isFailedSync(_ error: any Error) -> Bool {
        if let error = error as? SystemError { return error.call == "fsync" }
        return (error as? BlobError)?.underlying.map(isFailedSync) ?? false
    }

    /// Has the next call open the root and all beneath it anew.
    private func forget(_ volume: DiskVolume) {
        opened.withLock { if $0 === volume { $0 = nil } }
        volume.pausedWalks.close()
    }

    private func blocking<Value: Sendable>(
        _ operation: String,
        _ key: BlobKey?,
        _ body: @Sendable () throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await BlockingThreads.shared.run {
            do {
                return try body()
            } catch let error as SystemError {
                // It may be the folder's fault, such as its owner, and none of the key's.
                let isRefused = error.kind == .permissionDenied
                throw BlobError(
                    error,
                    operation: operation,
                    key: key,
                    doing: isRefused ? "in the folder \"\(EscapedText(rootPath))\"" : nil
                )
            }
        }
    }

    /// The open root folder.
    ///
    /// One that was removed would look empty for ever, also when there is another one at its path.
    private func volume() throws -> DiskVolume {
        if let volume = opened.withLock({ $0 }) {
            if volume.isThere { return volume }
            forget(volume)
        }
        let volume = try DiskVolume(
            rootPath: rootPath,
            durability: durability,
            multipartLimits: multipartLimits,
            features: features
        )
        return opened.withLock { opened in
            if let first = opened { return first }
            opened = volume
            return volume
        }
    }
}

/// Makes a folder and those above it, and syncs each folder that got a new entry.
private func makeRoot(_ path: String, isDurable: Bool) throws {
    var status = stat()
    if stat(path, &status) == 0 { return }
    let parent = DiskVolume.cut(path).parent
    if !parent.isEmpty { try makeRoot(parent, isDurable: isDurable) }
    guard ignoringInterrupts({ mkdir(path, 0o777) }) == 0 || errno == EEXIST else {
        let error = SystemError.last("mkdir")
        if error.kind == .permissionDenied { throw error }
        throw BlobError(error, localFile: path, operation: "prepare")
    }
    guard isDurable else { return }
    let top = path.utf8.first == UInt8(ascii: "/") ? "/" : "."
    let folder = parent.isEmpty ? top : parent
    let number = ignoringInterrupts { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard number >= 0 else { throw SystemError.last("open") }
    try FileDescriptor(owning: number).sync()
}
