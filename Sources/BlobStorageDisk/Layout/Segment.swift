/// One segment of a key, between two slashes, and the names that stand for it on disk.
enum Segment {
    /// The longest name that Linux's file systems hold, in bytes.
    static let maximumNameByteCount = 255

    /// The names of a segment: one, or more if it is too long for one.
    static func components(of segment: some Collection<UInt8>) -> [String] {
        if segment.isEmpty { return [ReservedName.empty] }
        var rest = escaped(segment)[...]
        var names: [String] = []
        while rest.count > maximumNameByteCount {
            let cut = pieceEnd(of: rest)
            names.append(String(decoding: rest[..<cut], as: UTF8.self) + ReservedName.more)
            rest = rest[cut...]
        }
        names.append(lastName(String(decoding: rest, as: UTF8.self)))
        return names
    }

    /// The segment, or the piece of one, that a name stands for.
    ///
    /// - Returns: `nil` if the name stands for none, or is not the one that it would be given.
    static func decoded(_ name: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        if name.elementsEqual(ReservedName.empty.utf8) { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        var index = 0
        while index < name.count {
            let byte = name[index]
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                index += 1
                continue
            }
            guard index + 2 < name.count, let high = digit(name[index + 1]),
                let low = digit(name[index + 2])
            else { return nil }
            bytes.append(high << 4 | low)
            index += 3
        }
        // Only the canonical name counts, or a key would have two files.
        let canonical = lastName(String(decoding: escaped(bytes), as: UTF8.self))
        return name.elementsEqual(canonical.utf8) ? bytes : nil
    }

    private static func escaped(_ segment: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segment.count)
        for byte in segment {
            switch byte {
            case UInt8(ascii: "%"): bytes += Array("%25".utf8)
            case 0: bytes += Array("%00".utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// The name of a piece that ends a segment.
    private static func lastName(_ name: String) -> String {
        switch name {
        case ".": "%2E"
        case "..": "%2E%2E"
        case ReservedName.privateFolder: "%2E" + ReservedName.privateFolder.dropFirst()
        default: name
        }
    }

    /// The fewest bytes that are cut off a name that is too long, without ``ReservedName/more``.
    static var minimumPieceByteCount: Int {
        // A character has at most four bytes, so the cut is at most three before its place.
        maximumNameByteCount - ReservedName.more.utf8.count - 3
    }

    /// Where to cut a name that is too long: not inside a character or an escape.
    private static func pieceEnd(of bytes: ArraySlice<UInt8>) -> Int {
        var end = bytes.startIndex + maximumNameByteCount - ReservedName.more.utf8.count
        while bytes[end] & 0b1100_0000 == 0b1000_0000 { end -= 1 }
        for back in 1...2 where bytes[end - back] == UInt8(ascii: "%") {
            end -= back
            break
        }
        return end
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
