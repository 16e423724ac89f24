/// The header fields of a message, in order; names are compared without regard to ASCII case.
public struct HTTPHeaders: Sendable, Hashable {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name, as it was given.
        public var name: String
        /// The value.
        public var value: String

        /// Creates a field.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields, in the order in which they were added.
    public private(set) var fields: [Field] = []

    /// Creates headers without a field.
    public init() {}

    /// Creates headers.
    ///
    /// - Parameter fields: The fields, in order.
    public init(_ fields: [Field]) {
        self.fields = fields
    }

    /// The value of the first field of that name; setting replaces all of them.
    public subscript(name: String) -> String? {
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
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value.
    public mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// The values of all fields of a name, in order.
    ///
    /// - Parameter name: The name.
    /// - Returns: The values; none if there is no such field.
    public func values(of name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
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
    /// Creates headers from names and values, in order; a name may stand there twice.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field($0, $1) })
    }
}
