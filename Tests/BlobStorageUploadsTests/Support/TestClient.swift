import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageUploads
import Testing

/// A client without credentials, that does what a ticket says and knows nothing else.
struct TestClient: Sendable {
    let gateway: S3Gateway

    /// Sends a presigned request.
    ///
    /// - Returns: The status.
    @discardableResult
    func send(
        _ request: PresignedRequest,
        _ bytes: [UInt8] = [],
        changing changed: [String: String] = [:]
    ) async throws -> Int {
        try await answer(request.method, request.url, request.headers, bytes, changing: changed)
            .status
    }

    /// Fetches what is at an address.
    func fetch(_ url: String) async throws -> (status: Int, bytes: [UInt8], type: String?) {
        let answer = try await answer("GET", url, [:], [])
        let bytes = try await answer.body.collect(upTo: 32 << 20)
        return (answer.status, bytes, answer.headers["Content-Type"])
    }

    /// Sends a form with a file.
    ///
    /// - Returns: The status.
    @discardableResult
    func send(
        _ form: PresignedForm,
        _ file: [UInt8],
        changing changed: [String: String] = [:]
    ) async throws -> Int {
        let boundary = "----boundary7MA4YWxkTrZu0gW"
        var body: [UInt8] = []
        for (name, value) in form.fields.merging(changed, uniquingKeysWith: { $1 }) {
            let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n"
            body += [UInt8]((head + value + "\r\n").utf8)
        }
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\""
        body += [UInt8]((head + "\r\n\r\n").utf8) + file
        body += [UInt8]("\r\n--\(boundary)--\r\n".utf8)
        let type = ["Content-Type": "multipart/form-data; boundary=\(boundary)"]
        return try await answer("POST", form.url, type, body).status
    }

    /// Uploads all bytes as a ticket says.
    ///
    /// - Returns: The statuses.
    @discardableResult
    func follow(_ ticket: UploadTicket, _ bytes: [UInt8]) async throws -> [Int] {
        switch ticket.method {
        case .put(let request): return [try await send(request, bytes)]
        case .form(let form): return [try await send(form, bytes)]
        case .parts(let parts):
            var statuses: [Int] = []
            for part in parts.parts { statuses.append(try await send(part, of: bytes)) }
            return statuses
        }
    }

    /// Uploads one part of the bytes.
    @discardableResult
    func send(_ part: PresignedPart, of bytes: [UInt8]) async throws -> Int {
        let piece = bytes.dropFirst(Int(part.offset)).prefix(Int(part.byteCount))
        return try await send(part.request, Array(piece))
    }

    private func answer(
        _ method: String,
        _ url: String,
        _ headers: [String: String],
        _ bytes: [UInt8],
        changing changed: [String: String] = [:]
    ) async throws -> HTTPServerResponse {
        let address = try #require(url.split(separator: "://", maxSplits: 1).last)
        let slash = try #require(address.firstIndex(of: "/"))
        var fields = HTTPHeaders()
        fields["Host"] = String(address[..<slash])
        for (name, value) in headers.merging(changed, uniquingKeysWith: { $1 }) {
            fields[name] = value
        }
        if method != "GET" { fields["Content-Length"] = String(bytes.count) }
        return await gateway.respond(
            to: HTTPServerRequest(
                method: method,
                target: String(address[slash...]),
                headers: fields,
                body: BlobBody(bytes)
            )
        )
    }
}
