/// The command line: a row, then `--name value` pairs.
struct Arguments {
    let row: String
    private var values: [String: String] = [:]

    init(_ words: [String]) throws {
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

    func has(_ name: String) -> Bool { values[name] != nil }

    func text(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misuse("--\(name) is missing") }
        return value
    }

    func number(_ name: String) throws -> Int {
        guard let number = Int(try text(name)) else { throw Misuse("--\(name) is no number") }
        return number
    }
}

/// A command line that makes no sense.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
