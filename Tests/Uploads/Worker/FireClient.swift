import BlobStorage
import BlobStorageHTTP

/// A client without credentials: sends presigned requests and forms, as told or otherwise.
struct FireClient {
    /// Thrown by a body that breaks off.
    private struct BrokenOff: Error {}

    private let transport = CurlTransport()

    /// What came of a sending.
    enum Outcome: CustomStringConvertible {
        case status(Int)
        /// No answer came.
        case lost

        var isAccepted: Bool {
            guard case .status(let status) = self else { return false }
            return (200..<300).contains(status)
        }

        var description: String {
            switch self {
            case .status(let status): "\(status)"
            case .lost: "lost"
            }
        }
    }

    /// How a sending departs from what was signed.
    struct Departure {
        /// The path of the URL.
        var path: String?
        /// The media type.
        var contentType: String?
        /// After how many bytes the body breaks off.
        var breaksOffAfter: Int?
    }

    /// Sends a presigned request, with the length that the body really has.
    func send(
        _ request: PresignedRequest,
        _ bytes: [UInt8],
        _ departure: Departure = Departure()
    ) async -> Outcome {
        var headers = HTTPHeaders()
        for (name, value) in request.headers where name != "content-length" {
            headers[name] = value
        }
        if let contentType = departure.contentType { headers["content-type"] = contentType }
        var url = Self.url(request.url)
        if let path = departure.path { url.path = path }
        let body = Self.body(bytes, breaksOffAfter: departure.breaksOffAfter)
        return await outcome(HTTPRequest(.put, url, headers: headers, body: body))
    }

    /// Sends a presigned form, the file last.
    func send(
        _ form: PresignedForm,
        _ bytes: [UInt8],
        key: String? = nil,
        _ departure: Departure = Departure()
    ) async -> Outcome {
        var fields = form.fields
        if let key { fields["key"] = key }
        if let contentType = departure.contentType { fields["Content-Type"] = contentType }
        let boundary = "fire-boundary-7d1c0f6e"
        var text = ""
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += "--\(boundary)\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n"
            text += "\(value)\r\n"
        }
        text += "--\(boundary)\r\ncontent-disposition: form-data; "
        text += "name=\"\(PresignedForm.fileField)\"; filename=\"file\"\r\n\r\n"
        let start = Array(text.utf8)
        let all = start + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        var headers = HTTPHeaders()
        headers["content-type"] = "multipart/form-data; boundary=\(boundary)"
        let body = Self.body(all, breaksOffAfter: departure.breaksOffAfter.map { $0 + start.count })
        return await outcome(HTTPRequest(.post, Self.url(form.url), headers: headers, body: body))
    }

    private func outcome(_ request: HTTPRequest) async -> Outcome {
        do {
            let response = try await transport.send(request)
            _ = try await response.body.collect(upTo: 1 << 20)
            return .status(response.status)
        } catch {
            return .lost
        }
    }

    /// A body that says that it has all the bytes, and may break off before.
    private static func body(_ bytes: [UInt8], breaksOffAfter count: Int?) -> BlobBody {
        guard let count else { return BlobBody(bytes) }
        let (chunks, input) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        input.yield(Array(bytes.prefix(count)))
        input.finish(throwing: BrokenOff())
        return BlobBody(chunks, byteCount: Int64(bytes.count))
    }

    /// The parts of a URL that a presigner made.
    static func url(_ text: String) -> HTTPURL {
        let scheme: HTTPURL.Scheme = UTF8Order.hasPrefix(text, "https:") ? .https : .http
        let rest = text.utf8.dropFirst(scheme.rawValue.utf8.count + 3)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let target = rest.dropFirst(authority.count)
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        let query = target.dropFirst(path.count + 1)
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        let port = authority.dropFirst(host.count + 1)
        return HTTPURL(
            scheme,
            host: String(decoding: host, as: UTF8.self),
            port: Int(String(decoding: port, as: UTF8.self)),
            path: String(decoding: path, as: UTF8.self),
            query: query.isEmpty ? nil : String(decoding: query, as: UTF8.self)
        )
    }
}
