internal import BlobStorage
internal import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

/// An answer that a server gives itself, in place of the handler.
struct Refusal: Error {
    let status: Int
    /// What was found and what was expected, for the answer's body.
    let message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    var response: HTTPServerResponse {
        HTTPServerResponse(
            status: status,
            headers: ["Content-Type": "text/plain; charset=utf-8"],
            body: .init(Array("\(message)\n".utf8))
        )
    }
}

/// The head of a request, checked more strictly than libmicrohttpd does.
///
/// It lets pass what another server in front may read in another way, so that one request becomes two: a
/// head of several lengths, folded lines, line feeds alone, NULs, of which the first would end a value
/// and one at the beginning of a line the whole head. Its public calls don't tell. But its fields point
/// into the head as it was received, where only the ends of lines and the colons were overwritten with
/// zeros. So the fields must lie there one behind the other, without a gap, or the head had something in
/// it that must not be.
///
/// - SeeAlso: RFC 9112, sections 2.2, 5.1, 5.2, 6.1 and 6.3.
struct RequestHead {
    /// What comes behind the head.
    enum Body: Equatable {
        case none
        case known(Int64)
        case chunked
    }

    let method: String
    let target: String
    let headers: HTTPHeaders
    let body: Body
    /// Whether the client waits for `100 Continue` before it sends the body.
    let awaitsContinue: Bool

    /// Where the parts of the request's line are.
    struct Line {
        let method: UnsafePointer<CChar>
        let target: UnsafePointer<CChar>
        let version: UnsafePointer<CChar>
        /// The length that the target had before its query was cut up.
        let targetByteCount: Int
    }

    /// - Parameters:
    ///   - connection: The connection, whose request was just read.
    ///   - line: The request's line.
    ///   - target: The target as it was sent; `nil` if it is not UTF-8.
    ///   - byteLimit: The most bytes that a head may have.
    /// - Throws: What to answer instead.
    init(
        _ connection: OpaquePointer,
        _ line: Line,
        target: String?,
        byteLimit: Int
    ) throws(Refusal) {
        let byteCount = cblobstorage_server_head_size(connection)
        guard byteCount <= byteLimit else {
            throw Refusal(431, "the head has \(byteCount) bytes; at most are \(byteLimit)")
        }
        guard let target, !target.isEmpty, target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { throw Refusal(400, "the target has bytes that must be percent-encoded") }
        self.target = target
        method = String(cString: line.method)
        guard Self.isToken(method.utf8) else { throw Refusal(400, "the method is no token") }

        let fields = try Self.fields(of: connection, line, byteCount: byteCount)
        headers = HTTPHeaders(fields)
        let isOld = String(cString: line.version) == "HTTP/1.0"
        body = try Self.body(headers, isOld: isOld)
        let hostCount = headers.values(of: "host").count
        guard hostCount == 1 || isOld && hostCount == 0 else {
            throw Refusal(400, "the head has \(hostCount) Host fields, not one")
        }
        switch headers["expect"] {
        case nil: awaitsContinue = false
        case let value? where HTTPHeaders.isSame(value, "100-continue"):
            awaitsContinue = !isOld && body != .none
        case .some: throw Refusal(417, "100-continue is the only expectation that can be met")
        }
    }

    private static func body(_ headers: HTTPHeaders, isOld: Bool) throws(Refusal) -> Body {
        let lengths = headers.values(of: "content-length")
        let encodings = headers.values(of: "transfer-encoding")
        guard lengths.count + encodings.count <= 1 else {
            throw Refusal(400, "the body has several lengths; one field tells it")
        }
        if let encoding = encodings.first {
            guard !isOld, HTTPHeaders.isSame(encoding, "chunked") else {
                throw Refusal(isOld ? 400 : 501, "chunked is the only transfer encoding here")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(length)
        else { throw Refusal(400, "the Content-Length is no number of bytes") }
        return count == 0 ? .none : .known(count)
    }
}

extension RequestHead {
    /// One field, where it was received.
    private struct Place {
        let name: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer
    }

    /// The fields in order, if there is nothing in between.
    private static func fields(
        of connection: OpaquePointer,
        _ line: Line,
        byteCount: Int
    ) throws(Refusal) -> [HTTPHeaders.Field] {
        var places: [Place] = []
        withUnsafeMutablePointer(to: &places) { places in
            _ = MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { context, _, name, nameSize, value, valueSize in
                    context?.assumingMemoryBound(to: [Place].self).pointee.append(
                        Place(
                            name: UnsafeRawBufferPointer(start: name, count: nameSize),
                            value: UnsafeRawBufferPointer(start: value, count: valueSize)
                        )
                    )
                    return .YES
                },
                places
            )
        }
        var cursor = Cursor(start: UnsafeRawPointer(line.method), byteCount: byteCount)
        var isExact = cursor.skip(strlen(line.method), to: line.method)
        isExact =
            isExact && cursor.skipZeros(1) && cursor.skip(line.targetByteCount, to: line.target)
        isExact = isExact && cursor.skipZeros(1) && cursor.skip(8, to: line.version)
        isExact = isExact && cursor.skipZeros(2)
        for place in places where isExact {
            isExact = cursor.skip(place.name.count, to: place.name.baseAddress)
            isExact = isExact && cursor.skipZeros(1)
            cursor.skipBlanks()
            if place.value.isEmpty {
                isExact = isExact && cursor.skipZeros(2)
            } else {
                isExact = isExact && cursor.skip(place.value.count, to: place.value.baseAddress)
                isExact = isExact && cursor.skipZeros(2)
            }
        }
        guard isExact, cursor.skipZeros(2), cursor.isAtEnd else {
            throw Refusal(400, "the head has a folded line, a line feed alone, or a NUL")
        }
        return try places.map { (place) throws(Refusal) in
            HTTPHeaders.Field(try name(place.name), try value(place.value))
        }
    }

    private static func name(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> String {
        guard isToken(bytes) else { throw Refusal(400, "the name of a field is no token") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> String {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        let bytes = bytes[..<end]
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw Refusal(400, "the value of a field has control characters, or is not UTF-8") }
        return text
    }

    /// Whether bytes are a token, as methods and names of fields are (RFC 9110, section 5.6.2).
    private static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

/// A place in a head whose lines were ended with zeros.
private struct Cursor {
    private var place: UnsafeRawPointer
    private let end: UnsafeRawPointer

    init(start: UnsafeRawPointer, byteCount: Int) {
        place = start
        end = start + byteCount
    }

    var isAtEnd: Bool { place == end }

    /// Skips something that must begin here.
    mutating func skip(_ count: Int, to expected: UnsafeRawPointer?) -> Bool {
        guard place == expected, count <= end - place else { return false }
        place += count
        return true
    }

    /// Skips zeros, of which there must be as many.
    mutating func skipZeros(_ count: Int) -> Bool {
        guard count <= end - place else { return false }
        for offset in 0..<count where place.load(fromByteOffset: offset, as: UInt8.self) != 0 {
            return false
        }
        place += count
        return true
    }

    mutating func skipBlanks() {
        while place < end, [0x20, 0x09].contains(place.load(as: UInt8.self)) { place += 1 }
    }
}
