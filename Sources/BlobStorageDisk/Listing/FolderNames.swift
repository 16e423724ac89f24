import BlobStorage
import Glibc

/// The names in a folder as parts of keys, in the byte order of the keys.
///
/// The bytes of all names lie in one buffer, so that a folder of a million files takes some 30 MB.
struct FolderNames: Sendable {
    /// What a name leads to.
    enum Kind: UInt8, Sendable {
        /// A blob.
        case file
        /// The blob whose file lies inside the folder of the same name.
        case selfFile
        /// More keys; the name ends with `/`.
        case folder
    }

    private struct Entry: Sendable {
        var offset: UInt32
        var byteCount: UInt16
        var kind: Kind
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    var count: Int { entries.count }

    /// The memory that the names take.
    var byteCount: Int { bytes.count + entries.count * MemoryLayout<Entry>.stride }

    /// Reads a folder.
    init(_ folder: Folder) throws {
        try read(folder, piece: [], path: "")
        sort()
    }

    /// The kind of a name.
    func kind(_ index: Int) -> Kind { entries[index].kind }

    /// The bytes of a name, as they stand in keys.
    func name(_ index: Int) -> ArraySlice<UInt8> {
        let entry = entries[index]
        return bytes[Int(entry.offset)..<(Int(entry.offset) + Int(entry.byteCount))]
    }

    /// The path of a name's file or folder, from this folder.
    func path(_ index: Int) -> String {
        let name = name(index)
        switch kind(index) {
        case .file: return Self.path(ofSegment: name)
        case .folder: return Self.path(ofSegment: name.dropLast())
        case .selfFile: return "\(Self.path(ofSegment: name))/\(ReservedName.selfFile)"
        }
    }

    private static func path(ofSegment segment: ArraySlice<UInt8>) -> String {
        Segment.components(of: segment).joined(separator: "/")
    }

    /// Reads a folder that holds whole segments, or the ends of a segment that is too long.
    ///
    /// - Parameters:
    ///   - folder: The folder to read.
    ///   - piece: The beginning of the segment.
    ///   - path: The folder's path from the folder that is listed.
    /// - Throws: ``SystemError``.
    private mutating func read(_ folder: Folder, piece: [UInt8], path: String) throws {
        var longer: [(name: String, piece: [UInt8])] = []
        try FolderListing(folder).visit { name, kind in
            var kind = kind
            if case .unknown = kind {
                guard let text = String(validating: name, as: UTF8.self),
                    let status = try folder.status(of: text)
                else { return }
                kind = status.isFile ? .file : status.isFolder ? .folder : .special
            }
            switch kind {
            case .special, .unknown: return
            case .file:
                guard let segment = Self.segment(name, piece, path) else { return }
                try add(segment, .file)
            case .folder:
                if let start = Self.start(ofLongSegment: name) {
                    longer.append((String(decoding: name, as: UTF8.self), piece + start))
                    return
                }
                guard !name.elementsEqual(ReservedName.privateFolder.utf8),
                    let segment = Self.segment(name, piece, path)
                else { return }
                try add(segment + [UInt8(ascii: "/")], .folder)
                if try Self.hasSelfFile(name, in: folder) { try add(segment, .selfFile) }
            }
        }
        for (name, piece) in longer where piece.count <= BlobKey.maximumByteCount {
            do {
                try read(
                    try folder.folder(name),
                    piece: piece,
                    path: path.isEmpty ? name : "\(path)/\(name)"
                )
            } catch let error as SystemError where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
                // It went a moment ago; the names beside it did not.
                continue
            }
        }
    }

    /// Whether the blob of a folder's own name lies in the folder.
    private static func hasSelfFile(
        _ name: UnsafeBufferPointer<UInt8>,
        in folder: Folder
    ) throws -> Bool {
        let path = "\(String(decoding: name, as: UTF8.self))/\(ReservedName.selfFile)"
        do {
            return try folder.status(of: path)?.isFile == true
        } catch {
            // A listing that does not go into the folder need not fail for it; one that does will.
            guard error.code == EACCES else { throw error }
            return false
        }
    }

    /// The segment of a name; `nil` if no key has it.
    private static func segment(
        _ name: UnsafeBufferPointer<UInt8>,
        _ piece: [UInt8],
        _ path: String
    ) -> [UInt8]? {
        // Most names have nothing special, and are what they stand for.
        let isPlain = !name.contains { $0 == UInt8(ascii: "%") || $0 >= 0x80 }
        if isPlain, piece.isEmpty {
            // A file of this name, which another program may put in any folder, is no blob either.
            return name.elementsEqual(ReservedName.privateFolder.utf8) ? nil : [UInt8](name)
        }
        guard let end = Segment.decoded(name), String(validating: end, as: UTF8.self) != nil else {
            return nil
        }
        if piece.isEmpty { return end }
        // Another cut than ours would give the key a second file.
        let segment = piece + end
        let text = String(decoding: name, as: UTF8.self)
        return UTF8Order.equal(Self.path(ofSegment: segment[...]), "\(path)/\(text)")
            ? segment : nil
    }

    /// The beginning of a segment whose end lies in the folder of this name.
    private static func start(ofLongSegment name: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let suffix = ReservedName.more.utf8
        // A name is cut only if it is too long, so that folders which another program has put into
        // each other, thousands deep, are not looked into.
        guard name.count >= Segment.minimumPieceByteCount + suffix.count,
            name.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        let start = UnsafeBufferPointer(rebasing: name.dropLast(suffix.count))
        return Segment.decoded(start)
    }

    private mutating func add(_ segment: [UInt8], _ kind: Kind) throws {
        guard bytes.count <= Int(UInt32.max) - segment.count else {
            throw SystemError("readdir", EOVERFLOW)
        }
        entries.append(
            Entry(offset: UInt32(bytes.count), byteCount: UInt16(segment.count), kind: kind)
        )
        bytes.append(contentsOf: segment)
    }

    private mutating func sort() {
        bytes.withUnsafeBufferPointer { bytes in
            func name(_ entry: Entry) -> UnsafeBufferPointer<UInt8> {
                let start = Int(entry.offset)
                return UnsafeBufferPointer(
                    rebasing: bytes[start..<(start + Int(entry.byteCount))]
                )
            }
            entries.sort { UTF8Order.compare(name($0), name($1)) < 0 }
        }
    }
}
