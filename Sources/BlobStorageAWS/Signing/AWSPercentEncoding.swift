internal import BlobStorageCrypto

/// Percent-encoding as AWS signs it: everything but RFC 3986's unreserved characters is encoded, with
/// upper-case digits, byte by byte.
package enum AWSPercentEncoding {
    /// Appends bytes, encoded.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - keepsSlash: Whether `/` stands for itself, as in a path.
    ///   - text: What is appended to.
    package static func append(
        _ bytes: some Sequence<UInt8>,
        keepingSlash keepsSlash: Bool = false,
        to text: inout [UInt8]
    ) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable {
            appendRuns(of: $0, keepingSlash: keepsSlash, to: &text)
        }
        guard isDone == nil else { return }
        for byte in bytes { append(byte, keepingSlash: keepsSlash, to: &text) }
    }

    /// Appends text, encoded.
    package static func append(
        _ string: String,
        keepingSlash keepsSlash: Bool = false,
        to text: inout [UInt8]
    ) {
        append(string.utf8, keepingSlash: keepsSlash, to: &text)
    }

    /// Text, encoded.
    package static func encode(_ string: String, keepingSlash keepsSlash: Bool = false) -> String {
        var text: [UInt8] = []
        append(string, keepingSlash: keepsSlash, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends text that may be encoded already, encoded once.
    ///
    /// Escapes stay what they stand for; other spellings (`%7e`, a raw `(`) become this one, as a
    /// server makes them when it verifies. A `%` without two digits stands for itself.
    package static func appendNormalized(
        _ encoded: some Collection<UInt8>,
        keepingSlash keepsSlash: Bool = false,
        to text: inout [UInt8]
    ) {
        let isDone: Void? = encoded.withContiguousStorageIfAvailable { bytes in
            guard !bytes.contains(UInt8(ascii: "%")) else {
                forEachDecodedByte(bytes) { append($0, keepingSlash: keepsSlash, to: &text) }
                return
            }
            appendRuns(of: bytes, keepingSlash: keepsSlash, to: &text)
        }
        guard isDone == nil else { return }
        forEachDecodedByte(encoded) { append($0, keepingSlash: keepsSlash, to: &text) }
    }

    /// The bytes that encoded text stands for; `+` is a plus.
    package static func decode(_ encoded: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        let isDone: Void? = encoded.withContiguousStorageIfAvailable { encoded in
            forEachDecodedByte(encoded) { bytes.append($0) }
        }
        if isDone == nil { forEachDecodedByte(encoded) { bytes.append($0) } }
        return bytes
    }

    @inline(__always)
    private static func forEachDecodedByte(
        _ encoded: some Collection<UInt8>,
        _ body: (UInt8) -> Void
    ) {
        var index = encoded.startIndex
        while index != encoded.endIndex {
            let byte = encoded[index]
            encoded.formIndex(after: &index)
            guard byte == UInt8(ascii: "%"), index != encoded.endIndex,
                let high = Hex.value(encoded[index])
            else {
                body(byte)
                continue
            }
            let second = encoded.index(after: index)
            guard second != encoded.endIndex, let low = Hex.value(encoded[second]) else {
                body(byte)
                continue
            }
            body(high << 4 | low)
            index = encoded.index(after: second)
        }
    }

    /// Appends what needs no encoding in runs: twice as fast as byte by byte for a usual key.
    private static func appendRuns(
        of bytes: UnsafeBufferPointer<UInt8>,
        keepingSlash: Bool,
        to text: inout [UInt8]
    ) {
        var start = 0
        for index in bytes.indices where !isKept(bytes[index], keepingSlash: keepingSlash) {
            text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            append(bytes[index], keepingSlash: keepingSlash, to: &text)
            start = index + 1
        }
        text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    @inline(__always)
    private static func append(_ byte: UInt8, keepingSlash: Bool, to text: inout [UInt8]) {
        if isKept(byte, keepingSlash: keepingSlash) {
            text.append(byte)
        } else {
            text.append(UInt8(ascii: "%"))
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
    }

    @inline(__always)
    private static func isKept(_ byte: UInt8, keepingSlash: Bool) -> Bool {
        isUnreserved(byte) || (keepingSlash && byte == UInt8(ascii: "/"))
    }

    /// RFC 3986, section 2.3: letters, digits, `-`, `.`, `_` and `~`, as two sets of 64 bits.
    @inline(__always)
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let set: UInt64 = byte < 64 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE
        return byte < 128 && set >> UInt64(byte & 63) & 1 == 1
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

/// The same for memory that is there already.
extension AWSPercentEncoding {
    /// How many bytes the encoded form has.
    static func byteCount(of bytes: UnsafeBufferPointer<UInt8>, keepingSlash: Bool) -> Int {
        var count = bytes.count
        for byte in bytes where !isKept(byte, keepingSlash: keepingSlash) { count += 2 }
        return count
    }

    /// Writes bytes, encoded, and returns how many that makes; there must be room for them.
    static func write(
        _ bytes: UnsafeBufferPointer<UInt8>,
        keepingSlash: Bool,
        to text: UnsafeMutableRawBufferPointer
    ) -> Int {
        var end = 0
        for byte in bytes {
            if isKept(byte, keepingSlash: keepingSlash) {
                text[end] = byte
                end += 1
            } else {
                text[end] = UInt8(ascii: "%")
                text[end + 1] = digit(byte >> 4)
                text[end + 2] = digit(byte & 15)
                end += 3
            }
        }
        return end
    }
}
