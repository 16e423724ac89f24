import BlobStorage
import BlobStorageServer
import Foundation
import Synchronization
import Testing

@testable import DocumentService

/// A service of a test's own, asked without a server in between; what it does beside runs too.
final class TestService: Sendable {
    static let address = "http://files.test"

    let service: Service
    let lines = LogLines()
    let kind: StoreKind
    let folder: TestFolder
    private let offset: TimeOffset
    private let background: Task<Void, Never>

    /// Starts a service.
    ///
    /// - Parameters:
    ///   - kind: The stores.
    ///   - variables: Further variables.
    /// - Throws: What keeps the service from starting.
    init(_ kind: StoreKind = .memory, _ variables: [String: String] = [:]) async throws {
        self.kind = kind
        folder = try TestFolder()
        offset = TimeOffset()
        let environment = try kind.variables(folder: folder.path)
            .merging(["SWEEP_SECONDS": "86400", "THUMBNAILER": "none"]) { $1 }
            .merging(variables) { $1 }
        service = try await Service(
            ServiceConfiguration(environment: environment),
            publicURL: Self.address,
            searchPath: "/usr/bin:/bin",
            log: lines.log,
            now: { [offset] in Date().addingTimeInterval(offset.seconds) }
        )
        try await service.prepare()
        background = Task { [service] in await service.run() }
    }

    deinit {
        background.cancel()
    }

    /// Lets time pass for the service, though not for the store.
    func pass(seconds: Double) {
        offset.add(seconds)
    }

    /// Sends a request to the API.
    func call(
        _ method: String,
        _ path: String,
        owner: String? = "ada",
        json: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var headers = headers
        if let owner { headers["X-Owner"] = owner }
        if json != nil, headers["Content-Type"] == nil {
            headers["Content-Type"] = "application/json"
        }
        return try await respond(method, path, headers, json.map { Array($0.utf8) } ?? [])
    }

    /// Sends a request to an address that the service gave: its own, or the store's.
    func send(
        _ method: String,
        _ url: String,
        headers: [String: String] = [:],
        body: [UInt8] = [],
        form: [(String, String)]? = nil
    ) async throws -> Answer {
        guard url.hasPrefix(Self.address + "/") else {
            return try await Curl.send(method, url, headers: headers, body: body, form: form)
        }
        var fields: HTTPHeaders = ["Host": "files.test"]
        for (name, value) in headers { fields[name] = value }
        var body = body
        if let form {
            let boundary = "boundary-of-the-form"
            fields["Content-Type"] = "multipart/form-data; boundary=\(boundary)"
            var text: [UInt8] = []
            for (name, value) in form {
                let head = "Content-Disposition: form-data; name=\"\(name)\""
                text += Array("--\(boundary)\r\n\(head)\r\n\r\n\(value)\r\n".utf8)
            }
            let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\""
            text += Array("--\(boundary)\r\n\(head)\r\n\r\n".utf8) + body
            body = text + Array("\r\n--\(boundary)--\r\n".utf8)
        }
        fields["Content-Length"] = "\(body.count)"
        return try await respond(method, String(url.dropFirst(Self.address.count)), fields, body)
    }

    private func respond(
        _ method: String,
        _ target: String,
        _ headers: HTTPHeaders,
        _ body: [UInt8]
    ) async throws -> Answer {
        let request = HTTPServerRequest(
            method: method,
            target: target,
            headers: headers,
            body: BlobBody(body)
        )
        let response = await service.respond(to: request)
        return Answer(
            status: response.status,
            headers: response.headers,
            body: try await response.body.collect(upTo: 64 << 20)
        )
    }
}

/// How far a service's clock is ahead.
private final class TimeOffset: Sendable {
    private let value = Mutex(0.0)

    var seconds: Double { value.withLock { $0 } }

    func add(_ seconds: Double) {
        value.withLock { $0 += seconds }
    }
}

// MARK: What clients do

extension TestService {
    /// Reserves a place, sends the bytes as the ticket says, and confirms.
    ///
    /// - Returns: The document.
    @discardableResult
    func upload(
        _ name: String,
        _ type: String = "text/plain",
        _ bytes: [UInt8] = Array("hello".utf8),
        owner: String = "ada"
    ) async throws -> JSON {
        let ticket = try await reserve(name, type, bytes.count, owner: owner)
        let sent = try await follow(ticket, bytes)
        try #require((200...204).contains(sent.status), "\(sent.text)")
        let id = try #require(ticket["id"])
        let answer = try await call("POST", "/api/uploads/\(id)/confirm", owner: owner)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.object()
    }

    /// Reserves a place.
    func reserve(
        _ name: String,
        _ type: String,
        _ byteCount: Int?,
        owner: String = "ada"
    ) async throws -> JSON {
        let count = byteCount.map { ",\"byteCount\":\($0)" } ?? ""
        let json = "{\"fileName\":\"\(name)\",\"contentType\":\"\(type)\"\(count)}"
        let answer = try await call("POST", "/api/uploads", owner: owner, json: json)
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.object()
    }

    /// Sends bytes as a ticket says.
    func follow(_ ticket: JSON, _ bytes: [UInt8]) async throws -> Answer {
        switch ticket["method"] {
        case "form":
            let form = try ticket.object("form")
            let fields = try form.texts("fields").map { ($0.key, $0.value) }
            return try await send("POST", try #require(form["url"]), body: bytes, form: fields)
        case "parts":
            var last: Answer?
            for part in try ticket.objects("parts") {
                let (offset, count) = (part.number("offset"), part.number("byteCount"))
                let start = try #require(offset)
                let slice = Array(bytes[start..<(start + (try #require(count)))])
                last = try await sendRequest(part.object("request"), slice)
            }
            return try #require(last)
        default: return try await sendRequest(ticket.object("request"), bytes)
        }
    }

    /// Sends a presigned request.
    func sendRequest(_ request: JSON, _ bytes: [UInt8]) async throws -> Answer {
        try await send(
            try #require(request["method"]),
            try #require(request["url"]),
            headers: try request.texts("headers"),
            body: bytes
        )
    }

    /// The documents of an owner.
    func documents(_ query: String = "", owner: String = "ada") async throws -> [JSON] {
        let answer = try await call("GET", "/api/documents\(query)", owner: owner)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.object().objects("documents")
    }

    /// Waits until something is so.
    func eventually(
        _ what: String,
        _ location: SourceLocation = #_sourceLocation,
        _ isSo: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while try await !isSo() {
            try #require(ContinuousClock.now < end, "\(what), after 30 s", sourceLocation: location)
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
