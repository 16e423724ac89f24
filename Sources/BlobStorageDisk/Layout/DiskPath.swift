import BlobStorage

/// Where the file of a key lies beneath the root.
///
/// The path is the key, as far as a file system can hold it; what it can't hold is escaped so that
/// each key has one path and each such path one key.
struct DiskPath: Equatable {
    /// The folder, from the root, without a slash at the end; empty for the root itself.
    let folder: String
    /// The file's name.
    let name: String

    /// The whole path from the root.
    var text: String { folder.isEmpty ? name : "\(folder)/\(name)" }

    init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    init(_ key: BlobKey) {
        let utf8 = key.text.utf8
        guard Self.needsEscapes(utf8) else {
            guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else {
                self.init(folder: "", name: key.text)
                return
            }
            self.init(
                folder: String(key.text[..<slash]),
                name: String(key.text[utf8.index(after: slash)...])
            )
            return
        }
        var components = Self.components(ofSegments: utf8)
        let name = components.removeLast()
        self.init(folder: components.joined(separator: "/"), name: name)
    }

    /// The path of the folder that holds all keys under a prefix that ends with `/`; the root for
    /// the empty prefix.
    static func folder(ofPrefix prefix: some Collection<UInt8>) -> String {
        guard !prefix.isEmpty else { return "" }
        return components(ofSegments: prefix.dropLast()).joined(separator: "/")
    }

    /// The key whose file has a path; `nil` if none has.
    static func key(of path: String) -> BlobKey? {
        var bytes: [UInt8] = []
        var joinsNext = true
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        for (index, name) in names.enumerated() {
            if index > 0, index == names.count - 1, name.elementsEqual(ReservedName.selfFile.utf8) {
                break
            }
            if !joinsNext { bytes.append(UInt8(ascii: "/")) }
            joinsNext = name.reversed().starts(with: ReservedName.more.utf8.reversed())
            let piece = joinsNext ? name.dropLast(ReservedName.more.utf8.count) : name
            guard let part = Array(piece).withUnsafeBufferPointer(Segment.decoded) else {
                return nil
            }
            bytes += part
        }
        guard let text = String(validating: bytes, as: UTF8.self), let key = try? BlobKey(text)
        else { return nil }
        // Only the path that the key is given counts.
        let canonical = DiskPath(key).text
        let own = UTF8Order.equal(canonical, path)
        return own || UTF8Order.equal("\(canonical)/\(ReservedName.selfFile)", path) ? key : nil
    }

    private static func components(ofSegments bytes: some Collection<UInt8>) -> [String] {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .flatMap { Segment.components(of: $0) }
    }

    /// Whether any segment is something that a file system can't hold as it is.
    private static func needsEscapes(_ utf8: String.UTF8View) -> Bool {
        var count = 0
        // A segment that begins with a dot may be `.`, `..` or the private folder's name.
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "/"):
                if count == 0 { return true }
                count = 0
                continue
            case 0, UInt8(ascii: "%"): return true
            case UInt8(ascii: ".") where count == 0: return true
            default: break
            }
            count += 1
            if count > Segment.maximumNameByteCount { return true }
        }
        return count == 0
    }
}

extension DiskPath {
    /// One folder on the way to a key's file.
    struct Step {
        let name: String
        /// The blob whose file would have this name; `nil` inside a segment that is cut.
        let blob: BlobKey?
    }

    /// The folders on the way to a key's file, from the root.
    static func folderSteps(of key: BlobKey) -> [Step] {
        var steps: [Step] = []
        let utf8 = key.text.utf8
        var start = utf8.startIndex
        while true {
            let slash = utf8[start...].firstIndex(of: UInt8(ascii: "/"))
            let names = Segment.components(of: utf8[start..<(slash ?? utf8.endIndex)])
            steps += names.dropLast().map { Step(name: $0, blob: nil) }
            guard let slash else { return steps }
            // The key `/a` has an empty first segment, and no blob has an empty key.
            let blob = try? BlobKey(String(key.text[..<slash]))
            steps.append(Step(name: names[names.count - 1], blob: blob))
            start = utf8.index(after: slash)
        }
    }
}
