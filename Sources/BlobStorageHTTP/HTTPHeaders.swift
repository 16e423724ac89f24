/// The header fields of a message, in order; names are compared without regard to ASCII case.
package struct HTTPHeaders: Sendable, Hashable {
    /// One field.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(_ fields: [Field]) {
        self.fields = fields
    }

    /// The value of the first field of that name; setting replaces all of them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            guard let newValue else {
                fields.removeAll { Self.isSame($0.name, name) }
                return
            }
            guard let first = fields.firstIndex(where: { Self.isSame($0.name, name) }) else {
                fields.append(Field(name, newValue))
                return
            }
            fields[first].value = newValue
            var isFirst = true
            fields.removeAll { field in
                guard Self.isSame(field.name, name) else { return false }
                defer { isFirst = false }
                return !isFirst
            }
        }
    }

    /// Adds a field, whether there is one of its name or not.
    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// Whether two names are the same.
    package static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8) { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field($0, $1) })
    }
}
