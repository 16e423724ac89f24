internal import BlobStorage

/// The header fields that a signature covers, put into its order.
package struct CanonicalHeaders: Sendable {
    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Lower-case names and trimmed values, one after the other.
    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    package init() {}

    /// How many bytes of memory are kept for the next request.
    var capacity: Int { bytes.capacity }

    /// Forgets all fields, and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// Adds a field; fields of one name are joined in the order in which they were added.
    package mutating func append(_ name: String, _ value: String) {
        let start = bytes.count
        for byte in name.utf8 {
            bytes.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        let middle = bytes.count
        appendTrimmed(value)
        fields.append(Field(name: start..<middle, value: middle..<bytes.count))
    }

    /// Without white space at the ends, and with one space for each run of it inside.
    private mutating func appendTrimmed(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            var index = 0
            var isFirst = true
            while true {
                while index < utf8.count, Self.isSpace(utf8[index]) { index += 1 }
                guard index < utf8.count else { return }
                let start = index
                while index < utf8.count, !Self.isSpace(utf8[index]) { index += 1 }
                if !isFirst { bytes.append(0x20) }
                isFirst = false
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// Puts the fields in order; to be called once all are there, and again does no harm.
    mutating func sort() {
        guard fields.count > 1 else { return }
        bytes.withUnsafeBufferPointer { bytes in
            // The order of equal names is that of their places.
            fields.sort { a, b in
                let order = compareBytes(bytes, a.name, b.name)
                return order != 0 ? order < 0 : a.name.lowerBound < b.name.lowerBound
            }
        }
    }

    /// Appends the names, each once: `host;range`.
    func appendNames(to text: inout [UInt8]) {
        for (index, field) in fields.enumerated() where !isRepeated(index) {
            if index > 0 { text.append(UInt8(ascii: ";")) }
            text.append(contentsOf: bytes[field.name])
        }
    }

    /// Appends the names as a query has them: `host%3Brange`.
    func appendEncodedNames(to text: inout [UInt8]) {
        for (index, field) in fields.enumerated() where !isRepeated(index) {
            if index > 0 { text.append(contentsOf: "%3B".utf8) }
            AWSPercentEncoding.append(bytes[field.name], to: &text)
        }
    }

    /// Appends the fields, one a line.
    func appendLines(to text: inout [UInt8]) {
        for (index, field) in fields.enumerated() {
            if isRepeated(index) {
                text.append(UInt8(ascii: ","))
            } else {
                if index > 0 { text.append(UInt8(ascii: "\n")) }
                text.append(contentsOf: bytes[field.name])
                text.append(UInt8(ascii: ":"))
            }
            text.append(contentsOf: bytes[field.value])
        }
        if !fields.isEmpty { text.append(UInt8(ascii: "\n")) }
    }

    /// Whether the field before has the same name.
    private func isRepeated(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let (a, b) = (fields[index - 1].name, fields[index].name)
        return a.count == b.count && bytes[a].elementsEqual(bytes[b])
    }
}

/// Compares two runs of the same bytes: negative, zero or positive.
func compareBytes(_ bytes: UnsafeBufferPointer<UInt8>, _ a: Range<Int>, _ b: Range<Int>) -> Int {
    UTF8Order.compare(
        UnsafeBufferPointer(rebasing: bytes[a]),
        UnsafeBufferPointer(rebasing: bytes[b])
    )
}
