import BlobStorage
import BlobStorageHTTP
import Foundation

/// A request as ``FakeS3`` reads it: path and query decoded, the body without its chunk framing.
struct FakeRequest: Sendable {
    let method: HTTPMethod
    let bucket: String
    /// Empty for what is about the bucket.
    let key: [UInt8]
    let query: [String: String]
    let headers: HTTPHeaders
    let body: [UInt8]
    /// What followed a body in signed chunks.
    private(set) var trailers = HTTPHeaders()

    init(_ request: HTTPRequest, body: [UInt8]) throws {
        method = request.method
        headers = request.headers
        let path = request.url.path.utf8.dropFirst()
        let slash = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
        bucket = String(decoding: Array(path[..<slash]), as: UTF8.self)
        key = try Self.decoded(path[slash...].dropFirst())
        query = try Self.pairs(request.url.query ?? "")
        guard let count = request.headers["x-amz-decoded-content-length"] else {
            self.body = body
            return
        }
        (self.body, trailers) = try Self.unchunked(body)
        guard self.body.count == Int(count) else { throw FakeError(400, "IncompleteBody") }
    }

    /// A header, or a trailer of that name.
    subscript(name: String) -> String? { headers[name] ?? trailers[name] }

    /// What the request does, as S3 calls it.
    var operation: String {
        switch (method, key.isEmpty) {
        case (.head, true): "HeadBucket"
        case (.put, true): "CreateBucket"
        case (.get, true):
            query["uploads"] != nil ? "ListMultipartUploads" : "ListObjectsV2"
        case (.post, true): "DeleteObjects"
        case (.delete, true): "DeleteBucket"
        case (.head, false): "HeadObject"
        case (.get, false):
            switch (query["uploadId"] != nil, query["tagging"] != nil) {
            case (true, _): "ListParts"
            case (false, true): "GetObjectTagging"
            case (false, false): "GetObject"
            }
        case (.post, false):
            query["uploads"] != nil ? "CreateMultipartUpload" : "CompleteMultipartUpload"
        case (.delete, false):
            query["uploadId"] != nil ? "AbortMultipartUpload" : "DeleteObject"
        case (.put, false):
            switch (query["uploadId"] != nil, headers["x-amz-copy-source"] != nil) {
            case (true, true): "UploadPartCopy"
            case (true, false): "UploadPart"
            case (false, true): "CopyObject"
            case (false, false): "PutObject"
            }
        }
    }

    /// The names and values of a query.
    static func pairs(_ query: String) throws -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(decoding: try Self.decoded(parts[0]), as: UTF8.self)
            let value = parts.count > 1 ? try Self.decoded(parts[1]) : []
            pairs[name] = String(decoding: value, as: UTF8.self)
        }
        return pairs
    }

    static func decoded(_ text: some Sequence<UInt8>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next(), let low = iterator.next(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { throw FakeError(400, "InvalidURI") }
            bytes.append(value)
        }
        return bytes
    }

    /// Takes `aws-chunked` apart.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    private static func unchunked(_ body: [UInt8]) throws -> ([UInt8], HTTPHeaders) {
        var rest = body[...]
        var bytes: [UInt8] = []
        func line() throws -> String {
            guard let end = rest.firstIndex(of: 10), rest.first != 10, rest[end - 1] == 13 else {
                throw FakeError(400, "IncompleteBody")
            }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<(end - 1)], as: UTF8.self)
        }
        while true {
            let head = try line()
            let digits = head.split(separator: ";", omittingEmptySubsequences: false)[0]
            guard let count = Int(digits, radix: 16), count <= rest.count else {
                throw FakeError(400, "IncompleteBody")
            }
            if count == 0 { break }
            bytes += rest.prefix(count)
            rest = rest.dropFirst(count)
            guard try line().isEmpty else { throw FakeError(400, "IncompleteBody") }
        }
        var trailers = HTTPHeaders()
        while !rest.isEmpty {
            let field = try line().split(separator: ":", maxSplits: 1)
            if field.count == 2 { trailers.append(String(field[0]), String(field[1])) }
        }
        return (bytes, trailers)
    }
}

/// An error that ``FakeS3`` answers with.
struct FakeError: Error {
    let status: Int
    let code: String
    let message: String

    init(_ status: Int, _ code: String, _ message: String = "") {
        self.status = status
        self.code = code
        self.message = message
    }
}

/// What ``FakeS3`` answers.
struct FakeAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders = [:]
    var body: [UInt8] = []

    /// The error document of S3.
    static func error(_ status: Int, _ code: String, _ message: String = "") -> FakeAnswer {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code>"
            + "<Message>\(message)</Message><RequestId>fake</RequestId></Error>"
        return FakeAnswer(
            status: status,
            headers: ["Content-Type": "application/xml"],
            body: Array(text.utf8)
        )
    }
}
