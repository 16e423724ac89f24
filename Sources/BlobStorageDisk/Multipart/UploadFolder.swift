import BlobStorage
import Glibc

/// The folder of one multipart upload: what the blob will have, and a file a part.
struct UploadFolder: Sendable {
    /// The folder for uploads in the private folder.
    static let parentName = "multipart"

    private static let keyFile = "key"
    private static let recordFile = "attributes"
    private static let checksumFile = "checksum"
    private static let compositeFile = "composite"
    private static let partPrefix = "part-"

    let upload: MultipartUpload
    let folder: Folder

    /// The name of a part's file; numbers sort as they count.
    static func name(ofPart number: Int) -> String {
        let digits = String(number)
        return partPrefix + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// A name for a new upload.
    ///
    /// It begins with the time, so that uploads of one key sort as they were begun.
    static func uniqueID() -> String {
        let time = String(UInt64(max(0, WallClock.now())), radix: 16)
        return String(repeating: "0", count: 16 - time.count) + time + "-"
            + StagedFile.uniqueName()
    }

    /// Makes a new upload's folder, in the staging folder, and moves it to the others when it is
    /// complete.
    static func make(
        _ id: String,
        _ key: BlobKey,
        _ options: MultipartOptions,
        staging: Folder,
        uploads: Folder,
        isDurable: Bool
    ) throws -> MultipartUpload {
        _ = try staging.makeFolder(id)
        let folder = try staging.folder(id)
        try write(Array(key.text.utf8), keyFile, in: folder, isDurable)
        var record = AttributeRecord()
        record.headers = options.headers
        record.metadata = options.metadata
        record.tags = options.tags
        try write(Array(record.text.utf8), recordFile, in: folder, isDurable)
        let algorithms = [
            (checksumFile, options.checksum), (compositeFile, options.compositeChecksum),
        ]
        for case (let name, let algorithm?) in algorithms {
            try write(Array(algorithm.rawValue.utf8), name, in: folder, isDurable)
        }
        if isDurable { try folder.descriptor.sync() }
        try staging.rename(id, to: uploads, id)
        if isDurable { try uploads.descriptor.sync() }
        return MultipartUpload(key: key, id: id)
    }

    /// Opens an upload's folder; `nil` if there is none of this id and key.
    init?(_ upload: MultipartUpload, in uploads: Folder) throws {
        guard Self.isID(upload.id), let folder = try uploads.folderIfThere(upload.id),
            try Self.storedKey(in: folder) == upload.key
        else { return nil }
        self.upload = upload
        self.folder = folder
    }

    /// Opens an upload's folder by its id alone; `nil` if it is gone.
    init?(id: String, in uploads: Folder) throws {
        guard Self.isID(id), let folder = try uploads.folderIfThere(id),
            let key = try Self.storedKey(in: folder)
        else { return nil }
        self.folder = folder
        upload = MultipartUpload(key: key, id: id)
    }

    /// When the upload was begun.
    var created: FileStatus? {
        get throws { try folder.status(of: Self.keyFile) }
    }

    /// What the blob will have, but for its checksum.
    func record() throws -> AttributeRecord {
        let bytes = try Self.read(Self.recordFile, in: folder)
        guard let record = AttributeRecord(text: bytes) else {
            throw BlobError(
                .corrupted,
                operation: "completeMultipartUpload",
                key: upload.key,
                message: "the attributes of the upload \(upload.id) are unreadable; abort it"
            )
        }
        return record
    }

    /// How the blob's checksum is computed.
    func checksum() throws -> ChecksumAlgorithm? { try algorithm(Self.checksumFile) }

    /// How the checksum over the checksums of the parts is computed.
    func compositeChecksum() throws -> ChecksumAlgorithm? { try algorithm(Self.compositeFile) }

    private func algorithm(_ name: String) throws -> ChecksumAlgorithm? {
        try Self.textIfThere(name, in: folder).flatMap { ChecksumAlgorithm(rawValue: $0) }
    }

    /// The parts that are there, by number.
    func parts() throws -> [UploadedPart] {
        var parts: [UploadedPart] = []
        for name in try FolderListing(folder).names where name.hasPrefix(Self.partPrefix) {
            guard let number = Int(name.dropFirst(Self.partPrefix.count)),
                let part = try part(number)
            else { continue }
            parts.append(part)
        }
        return parts.sorted { $0.number < $1.number }
    }

    /// What is there of a part; `nil` if nothing is.
    func part(_ number: Int) throws -> UploadedPart? {
        try folder.status(of: Self.name(ofPart: number)).map { status in
            UploadedPart(number: number, etag: status.etag, byteCount: status.byteCount)
        }
    }

    /// The key of an upload; `nil` if the upload went a moment ago, or a power cut has taken it.
    private static func storedKey(in folder: Folder) throws -> BlobKey? {
        try textIfThere(keyFile, in: folder).flatMap { try? BlobKey($0) }
    }

    /// Whether a text can be the name of an upload's folder, and of nothing else.
    private static func isID(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 64
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }

    /// What is in a file; `nil` if there is none.
    private static func textIfThere(_ name: String, in folder: Folder) throws -> String? {
        do {
            return String(decoding: try read(name, in: folder), as: UTF8.self)
        } catch let error as SystemError where error.code == ENOENT {
            return nil
        }
    }

    private static func read(_ name: String, in folder: Folder) throws -> [UInt8] {
        try folder.open(name, O_RDONLY).read(AttributeStore.maximumByteCount, at: 0)
    }

    private static func write(
        _ bytes: [UInt8],
        _ name: String,
        in folder: Folder,
        _ isDurable: Bool
    ) throws {
        let file = try folder.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        try bytes.withUnsafeBytes { try file.write($0, at: 0) }
        if isDurable { try file.sync() }
    }
}
