/// Gathers the lines of an answer's head; skips interim answers.
struct HeadCollector {
    enum Step {
        case more
        /// The head is whole.
        case head(status: Int, lines: [UInt8])
        case failure(HTTPError)
    }

    private let limit: Int
    private(set) var byteCount = 0
    private var status: Int?
    private var lines: [UInt8] = []
    /// Whether the final answer's head is there.
    private(set) var isWhole = false

    /// - Parameter limit: The most bytes of all lines.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ line: UnsafeRawBufferPointer) -> Step {
        byteCount += line.count
        guard byteCount <= limit else {
            return .failure(.badAnswer("the answer's header is larger than \(limit) bytes"))
        }
        // What follows the body of an answer in chunks is of no use.
        guard !isWhole else { return .more }
        let isBlank = line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n")
        guard let status else {
            if isBlank { return .more }
            guard let found = Self.status(line) else {
                return .failure(.badAnswer("the answer does not begin with a status"))
            }
            status = found
            lines.reserveCapacity(1_024)
            lines.append(contentsOf: line)
            return .more
        }
        guard isBlank else {
            lines.append(contentsOf: line)
            return .more
        }
        guard status >= 200 else {
            if status == 101 { return .failure(.badAnswer("the answer switches the protocol")) }
            self.status = nil
            lines.removeAll(keepingCapacity: true)
            return .more
        }
        isWhole = true
        defer { lines = [] }
        return .head(status: status, lines: lines)
    }

    /// The three digits behind the protocol's version.
    private static func status(_ line: UnsafeRawBufferPointer) -> Int? {
        guard line.starts(with: "HTTP/".utf8),
            let space = line.firstIndex(of: UInt8(ascii: " ")), space + 3 < line.count
        else { return nil }
        var status = 0
        for byte in line[(space + 1)...(space + 3)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            status = status * 10 + Int(byte - 0x30)
        }
        return (100...999).contains(status) ? status : nil
    }
}
