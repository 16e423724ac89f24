/// The command line: a row, then `--name value` pairs.
package struct Arguments {
    package let row: String
    private var values: [String: String] = [:]

    package init(_ words: [String]) throws {
        guard let row = words.first else { throw Misuse("a row is missing") }
        self.row = row
        var rest = words.dropFirst()
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else {
                throw Misuse("\"\(name)\" is no --name, or has no value")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    package func has(_ name: String) -> Bool { values[name] != nil }

    package func text(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misuse("--\(name) is missing") }
        return value
    }

    package func number(_ name: String) throws -> Int {
        guard let number = Int(try text(name)) else { throw Misuse("--\(name) is no number") }
        return number
    }
}

/// A command line that makes no sense.
package struct Misuse: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
