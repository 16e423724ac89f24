import BlobStorage
import Glibc

/// A walk over the keys beneath a folder, in byte order.
///
/// Each folder on the way down is read once; folders beside it are not read before the walk comes
/// to them, and folders that can't have a key that is wanted not at all. Only the deepest folder is
/// held open, since there may be five hundred above it.
struct FolderWalk: Sendable {
    private struct Level: Sendable {
        let path: String
        /// What all keys in the folder begin with.
        let keyPrefix: String
        let names: FolderNames
        var index = 0
        /// When the folder was changed before it was read, in nanoseconds since 1970.
        let modified: Int64
        /// When it was read, likewise.
        let read: Int64
    }

    private let volume: DiskVolume
    private var levels: [Level] = []
    private var position: ListPosition
    /// The deepest folder, if it is open.
    private var deepest: Folder?

    /// Begins a walk.
    ///
    /// - Parameters:
    ///   - volume: Where to walk.
    ///   - prefix: What all keys that are wanted begin with.
    ///   - position: Where to begin.
    /// - Throws: ``SystemError`` if a folder can't be read.
    init(_ volume: DiskVolume, prefix: String, position: ListPosition) throws {
        self.volume = volume
        self.position = position
        let end = prefix.utf8.lastIndex(of: UInt8(ascii: "/")).map { prefix.utf8.index(after: $0) }
        let keyPrefix = prefix.utf8[..<(end ?? prefix.utf8.startIndex)]
        guard keyPrefix.count <= BlobKey.maximumByteCount else { return }
        do {
            let folder = try volume.openFolder(DiskPath.folder(ofPrefix: keyPrefix))
            try push(folder, keyPrefix: String(decoding: keyPrefix, as: UTF8.self))
        } catch let error as SystemError where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
            return
        }
    }

    /// The key that the walk has come to; `nil` at the end.
    mutating func key() throws -> BlobKey? {
        while let level = levels.last {
            guard level.index < level.names.count else {
                removeLevel()
                continue
            }
            guard level.names.kind(level.index) == .folder else {
                if let key = Self.key(level.keyPrefix, level.names.name(level.index)) { return key }
                advance()
                continue
            }
            advance()
            let name = level.names.name(level.index)
            let path = level.names.path(level.index)
            let keyPrefix = level.keyPrefix + String(decoding: name, as: UTF8.self)
            // No key is as long as this, so none is in there.
            if keyPrefix.utf8.count > BlobKey.maximumByteCount { continue }
            let folder = level.path.isEmpty ? path : "\(level.path)/\(path)"
            do {
                try push(try volume.openFolder(folder), keyPrefix: keyPrefix)
            } catch let error as SystemError {
                if [ENOENT, ENOTDIR, ELOOP].contains(error.code) { continue }
                // To pass over it would hide blobs, and make a sync delete them.
                let name = "the folder \"\(EscapedText(folder))\""
                throw BlobError(error, operation: "list", doing: name)
            }
        }
        return nil
    }

    /// What the file system knows of the blob that the walk has come to; `nil` if it is gone.
    mutating func describe(_ key: BlobKey) throws -> ListedBlob? {
        guard let level = levels.last, let folder = try open(level) else { return nil }
        let path = level.names.path(level.index)
        var status = try folder.status(of: path)
        if status?.isFolder == true {
            // It has become a folder since the names were read.
            status = try folder.status(of: "\(path)/\(ReservedName.selfFile)")
        }
        guard let status, status.isFile else { return nil }
        return ListedBlob(
            key: key,
            byteCount: status.byteCount,
            etag: status.etag,
            lastModified: status.lastModified
        )
    }

    /// Goes on to the next key.
    mutating func advance() {
        levels[levels.count - 1].index += 1
    }

    /// Goes on to the first key that is not before a place.
    mutating func seek(_ position: ListPosition) {
        self.position = position
        while let level = levels.last, Self.isAfter(position, folder: level.keyPrefix) {
            removeLevel()
        }
        guard let level = levels.last else { return }
        levels[levels.count - 1].index = max(level.index, firstIndex(in: level))
    }

    /// The memory that the names take.
    var byteCount: Int { levels.reduce(0) { $0 + $1.names.byteCount } }

    /// Whether the folders that the walk has read have been changed since, as far as times tell.
    func isStale(now: Int64) -> Bool {
        for level in levels where now - level.read > Self.freshNanoseconds {
            guard let status = try? volume.openFolder(level.path).descriptor.fileStatus() else {
                return true
            }
            let modified = status.modified
            let age = level.read.subtractingWithinBounds(modified)
            if modified != level.modified || age < Self.clockStepNanoseconds {
                return true
            }
        }
        return false
    }

    /// How long names count as fresh; other processes' new blobs show at the latest then.
    private static let freshNanoseconds: Int64 = 1_000_000_000

    /// The time of a folder moves in steps of a clock tick: 10 ms at 100 Hz, the longest.
    private static let clockStepNanoseconds: Int64 = 20_000_000

    private mutating func push(_ folder: Folder, keyPrefix: String) throws {
        try Task.checkCancellation()
        let modified = try folder.descriptor.fileStatus().modified
        let names = try FolderNames(folder)
        deepest = folder
        var level = Level(
            path: folder.path,
            keyPrefix: keyPrefix,
            names: names,
            modified: modified,
            read: WallClock.now()
        )
        level.index = firstIndex(in: level)
        levels.append(level)
    }

    private func firstIndex(in level: Level) -> Int {
        var lower = 0
        var upper = level.names.count
        while lower < upper {
            let middle = (lower + upper) / 2
            let text =
                level.keyPrefix + String(decoding: level.names.name(middle), as: UTF8.self)
            let isFolder = level.names.kind(middle) == .folder
            let isBefore =
                isFolder ? Self.isAfter(position, folder: text) : position.isAfter(text)
            if isBefore { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }

    /// Whether a place is after every key that begins with a text.
    private static func isAfter(_ position: ListPosition, folder: String) -> Bool {
        switch position {
        case .atLeast(let text), .after(let text):
            UTF8Order.compare(folder, text) < 0 && !UTF8Order.hasPrefix(text, folder)
        case .past(let text):
            UTF8Order.hasPrefix(folder, text)
                || (UTF8Order.compare(folder, text) < 0 && !UTF8Order.hasPrefix(text, folder))
        }
    }

    /// The deepest folder; `nil` if it is gone.
    private mutating func open(_ level: Level) throws -> Folder? {
        if let deepest { return deepest }
        do {
            deepest = try volume.openFolder(level.path)
        } catch let error as SystemError where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
            return nil
        }
        return deepest
    }

    private mutating func removeLevel() {
        levels.removeLast()
        deepest = nil
    }

    private static func key(_ prefix: String, _ name: ArraySlice<UInt8>) -> BlobKey? {
        try? BlobKey(prefix + String(decoding: name, as: UTF8.self))
    }
}
