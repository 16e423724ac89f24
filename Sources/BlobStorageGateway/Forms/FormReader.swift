/// Reads the fields of a form up to its file, however its bytes are cut.
struct FormReader: Sendable {
    /// The most bytes of all fields' values, as S3 has it.
    static let maximumFieldByteCount = 20 << 10
    /// The most fields; S3's own are about 40, and metadata comes on top.
    static let maximumFieldCount = 200
    /// The most bytes of one header line of a part.
    static let maximumLineByteCount = 4 << 10
    /// The most header lines of a part; browsers send two.
    static let maximumLineCount = 8

    /// Where a form is when no more of it is to be read here.
    enum Stop: Sendable {
        /// At the first byte of the file.
        case file(name: String?)
        /// After the last part.
        case end
    }

    private enum State: Sendable {
        /// Before the first delimiter, which has no line end in front.
        case start
        /// After a delimiter: at a line end or at the two hyphens of the last one.
        case delimiter
        case head([ArraySlice<UInt8>])
        case value(FormPartHead)
    }

    private(set) var fields = FormFields()
    private let delimiter: [UInt8]
    private var state: State
    /// What is not read yet.
    private var buffer: ArraySlice<UInt8> = []
    /// How much of the buffer holds no end of what is being read.
    private var searchedCount = 0
    private var valueByteCount = 0

    /// - Parameters:
    ///   - boundary: The form's boundary.
    ///   - isAfterDelimiter: Whether the bytes begin after a delimiter, as they do after the file.
    init(_ boundary: FormBoundary, isAfterDelimiter: Bool = false) {
        delimiter = boundary.delimiter
        state = isAfterDelimiter ? .delimiter : .start
    }

    /// What was taken and belongs to whatever comes next.
    var rest: ArraySlice<UInt8> { buffer }

    /// Takes the next bytes.
    ///
    /// - Returns: Where it stopped; `nil` if it needs more.
    mutating func take(_ bytes: [UInt8]) throws(GatewayError) -> Stop? {
        if buffer.isEmpty { buffer = bytes[...] } else { buffer += bytes }
        while true {
            switch state {
            case .start:
                let first = delimiter.dropFirst(2)
                guard buffer.prefix(first.count).elementsEqual(first.prefix(buffer.count)) else {
                    throw .malformedForm("it does not begin with its boundary")
                }
                guard buffer.count >= first.count else { return nil }
                drop(first.count)
                state = .delimiter
            case .delimiter:
                guard buffer.count >= 2 else { return nil }
                let next = buffer.prefix(2)
                drop(2)
                if next.elementsEqual("--".utf8) { return .end }
                guard next.elementsEqual("\r\n".utf8) else {
                    throw .malformedForm("a boundary is not followed by a line's end")
                }
                state = .head([])
            case .head(var lines):
                guard let line = try takeLine() else { return nil }
                guard line.isEmpty else {
                    guard lines.count < Self.maximumLineCount else {
                        throw .malformedForm("a part has too many header lines")
                    }
                    lines.append(line)
                    state = .head(lines)
                    continue
                }
                let head = try FormPartHead(lines)
                if head.name.utf8.elementsEqual("file".utf8) { return .file(name: head.fileName) }
                state = .value(head)
            case .value(let head):
                guard let value = try takeValue() else { return nil }
                try add(head.name, value)
                state = .delimiter
            }
        }
    }

    private mutating func add(
        _ name: String,
        _ value: ArraySlice<UInt8>
    ) throws(GatewayError) {
        valueByteCount += value.count + name.utf8.count
        guard valueByteCount <= Self.maximumFieldByteCount else { throw Self.tooLarge }
        guard fields.pairs.count < Self.maximumFieldCount else {
            throw .malformedForm("it has more than \(Self.maximumFieldCount) fields")
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw .malformedForm("a field is not UTF-8")
        }
        guard fields.append(name, text) else {
            throw .malformedForm("the field \"\(name)\" is there twice")
        }
    }

    private mutating func takeLine() throws(GatewayError) -> ArraySlice<UInt8>? {
        let found = find([0x0D, 0x0A], limit: Self.maximumLineByteCount)
        guard let found else {
            guard buffer.count <= Self.maximumLineByteCount + 1 else {
                throw .malformedForm(
                    "a part has a header line of more than \(Self.maximumLineByteCount) bytes"
                )
            }
            return nil
        }
        defer { drop(found.count + 2) }
        // A copy, since a slice would hold on to the buffer.
        return [UInt8](found)[...]
    }

    private mutating func takeValue() throws(GatewayError) -> ArraySlice<UInt8>? {
        let limit = Self.maximumFieldByteCount
        guard let found = find(delimiter, limit: limit) else {
            guard buffer.count <= limit + delimiter.count else { throw Self.tooLarge }
            return nil
        }
        defer { drop(found.count + delimiter.count) }
        return found
    }

    /// What stands before `needle`, if that begins within `limit` bytes.
    private mutating func find(_ needle: [UInt8], limit: Int) -> ArraySlice<UInt8>? {
        let part = buffer.prefix(limit + needle.count)
        let found = part.withUnsafeBytes {
            ByteSearch.firstOffset(of: needle, in: $0, from: min(searchedCount, $0.count))
        }
        guard let found else {
            searchedCount = max(0, part.count - needle.count + 1)
            return nil
        }
        return buffer.prefix(found)
    }

    private mutating func drop(_ count: Int) {
        buffer = buffer.dropFirst(count)
        searchedCount = 0
    }

    private static var tooLarge: GatewayError {
        GatewayError(
            400,
            "MaxPostPreDataLengthExceededError",
            "Your POST request fields preceding the upload file were too large."
        )
    }
}
