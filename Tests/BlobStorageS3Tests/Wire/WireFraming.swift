import BlobStorage
import BlobStorageTransportTestSupport
import Foundation

/// How a case about the wire wants its answer sent, byte for byte.
struct WireFraming: Decodable, Sendable {
    let contentLength: Int64?
    let send: Int?
    let then: String?
    let chunked: Bool?
    let raw: String?
    let rawHeaders: [String]?
    let body: String?
    let headerFlood: Int?
    let headerBytes: Int?
    let interim: [Int]?
    let status: Int?
    let early: Int?
    let extra: Int?

    enum CodingKeys: String, CodingKey {
        case contentLength = "content_length"
        case send
        case then
        case chunked
        case raw
        case rawHeaders = "raw_headers"
        case body
        case headerFlood = "header_flood"
        case headerBytes = "header_bytes"
        case interim
        case status
        case early
        case extra
    }

    /// The body that is sent.
    var sentBody: String { body ?? String(repeating: "x", count: send ?? 0) }

    /// The answer, as far as it is sent in one go; what ends it, ``then`` says.
    func bytes(headers: [String: String]) -> [UInt8] {
        if let raw, chunked != true { return Self.unescaped(raw) }
        var text = ""
        for status in interim ?? [] { text += "HTTP/1.1 \(status) Interim\r\n\r\n" }
        text += "HTTP/1.1 \(status ?? early ?? 200) Status\r\n"
        let raws = rawHeaders ?? []
        if !raws.contains(where: { $0.hasPrefix("ETag") }) { text += "ETag: \"etag\"\r\n" }
        text += "Last-Modified: Sun, 15 Jun 2025 12:34:56 GMT\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            text += "\(name): \(value)\r\n"
        }
        // A field that goes on in the next line is ended by a bare LF here.
        for line in raws { text += line + (raws.contains { $0.hasPrefix(" ") } ? "\n" : "\r\n") }
        if raws.allSatisfy({ !$0.hasPrefix("Content-Length") }) {
            if chunked == true {
                text += "Transfer-Encoding: chunked\r\n"
            } else if let contentLength {
                text += "Content-Length: \(contentLength)\r\n"
            } else if then != "close" {
                text += "Content-Length: \(sentBody.utf8.count)\r\n"
            }
        }
        text += "\r\n"
        if chunked == true {
            if let raw { return Array(text.utf8) + Self.unescaped(raw) }
            text += String(sentBody.utf8.count, radix: 16) + "\r\n\(sentBody)\r\n"
            if then == nil { text += "0\r\n\r\n" }
        } else {
            text += sentBody + String(repeating: "!", count: extra ?? 0)
        }
        return Array(text.utf8)
    }

    /// Text in which `\r`, `\n` and `\xHH` stand for bytes.
    private static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            default:
                let digits = String(decoding: Array(rest.prefix(2)), as: UTF8.self)
                bytes.append(UInt8(digits, radix: 16) ?? next)
                rest = rest.dropFirst(2)
            }
        }
        return bytes
    }
}

/// A server that answers with a case's bytes, and then as a good one does.
final class WireServer: Sendable {
    let raw: RawServer
    /// How many bytes the client took of what has no end.
    let floodByteCount: Locked<Int>

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - test: The case.
    ///   - badCount: How many requests are answered so.
    ///   - body: The whole blob, for the requests after those.
    /// - Throws: `SystemError` if there is no socket to be had.
    init(_ test: ScriptedAnswers.Case, badCount: Int, body: String) throws {
        let count = Locked(0)
        let flood = Locked(0)
        floodByteCount = flood
        raw = try RawServer { connection in
            while let head = try connection.readHead() {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if test.framing?.early == nil || number > badCount {
                    _ = try connection.read(head.field("content-length").flatMap { Int($0) } ?? 0)
                }
                guard number <= badCount else {
                    try connection.send(Self.good(head, body))
                    continue
                }
                if test.framing?.then == "stall", head.field("range") != nil {
                    _ = connection.isClosedByClient()
                    return
                }
                guard try Self.bad(connection, test, flood) else { return }
            }
        }
    }

    /// What a server answers that has the blob: all of it, or the rest that is asked for.
    private static func good(_ head: String, _ body: String) -> String {
        var status = "200 OK"
        var range = ""
        var text = body
        if let first = head.field("range")?.split(whereSeparator: { !$0.isNumber }).first,
            let offset = Int(first)
        {
            text = String(body.dropFirst(offset))
            status = "206 Partial Content"
            range = "Content-Range: bytes \(offset)-\(body.count - 1)/\(body.count)\r\n"
        }
        return "HTTP/1.1 \(status)\r\nETag: \"etag\"\r\n\(range)"
            + "Last-Modified: Sun, 15 Jun 2025 12:34:56 GMT\r\n"
            + "Content-Length: \(text.utf8.count)\r\n\r\n\(text)"
    }

    /// - Returns: Whether the connection goes on.
    private static func bad(
        _ connection: RawConnection,
        _ test: ScriptedAnswers.Case,
        _ flood: Locked<Int>
    ) throws -> Bool {
        let framing = test.framing
        func pour(_ piece: String, _ count: Int) throws {
            let bytes = Array(piece.utf8)
            for _ in 0..<count {
                try connection.send(bytes)
                flood.withLock { $0 += bytes.count }
            }
        }
        let start = "HTTP/1.1 200 OK\r\nETag: \"etag\"\r\n"
        if let count = framing?.headerFlood {
            try connection.send(start)
            try pour(String(repeating: "X-Header: value\r\n", count: 1_000), count / 1_000)
            return false
        }
        if let count = framing?.headerBytes {
            try connection.send(start + "X-Header: ")
            try pour(String(repeating: "v", count: 64 << 10), count / (64 << 10))
            return false
        }
        guard let framing else {
            // The text that is too large to be kept in one piece here.
            guard let times = test.generator?.o?.times else { return false }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(times + 26)\r\n\r\n")
            try connection.send("<ListBucketResult><Name>")
            try pour(String(repeating: "x", count: 1 << 20), times >> 20)
            return false
        }
        try connection.send(framing.bytes(headers: test.headers))
        switch framing.then {
        case "close": return false
        case "rst":
            connection.reset()
            return false
        case "stall":
            _ = connection.isClosedByClient()
            return false
        default:
            if framing.early != nil {
                _ = connection.isClosedByClient()
                return false
            }
            return framing.raw == nil
        }
    }
}
