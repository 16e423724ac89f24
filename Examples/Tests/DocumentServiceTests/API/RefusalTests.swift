import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// What makes no sense is answered with a problem document, is logged, and changes nothing.
@Suite struct RefusalTests {
    private static let post = request("a.txt", "text/plain", "5")

    private static func request(_ name: String, _ type: String, _ count: String) -> String {
        "{\"fileName\":\"\(name)\",\"contentType\":\"\(type)\",\"byteCount\":\(count)}"
    }

    /// Sends a request that must be refused, and looks at everything that must hold of that.
    private func refused(
        _ service: TestService,
        _ status: Int,
        _ reason: String,
        _ location: SourceLocation = #_sourceLocation,
        _ send: (TestService) async throws -> Answer
    ) async throws {
        let (keys, records) = (try await service.keys(), try await service.records())
        let answer = try await send(service)
        #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
        #expect(
            answer.headers["Content-Type"] == "application/problem+json",
            sourceLocation: location
        )
        #expect(answer.headers["Cache-Control"] == "no-store", sourceLocation: location)
        let problem = try answer.object(location)
        #expect(problem["reason"] == reason, "\(answer.text)", sourceLocation: location)
        #expect(problem["type"] == "/problems/\(reason)", sourceLocation: location)
        #expect(problem.number("status") == status, sourceLocation: location)
        #expect(problem["title"]?.isEmpty == false, sourceLocation: location)
        #expect(problem["detail"]?.isEmpty == false, sourceLocation: location)

        let line = service.lines.objects("problem").last
        #expect(line?["instance"] == problem["instance"], sourceLocation: location)
        #expect(line?["reason"] == reason, sourceLocation: location)
        for secret in ["Signature", "sesame", "Authorization"] {
            #expect(!service.lines.text.contains(secret), sourceLocation: location)
        }
        #expect(try await service.keys() == keys, sourceLocation: location)
        #expect(try await service.records() == records, sourceLocation: location)
    }

    @Test("broken JSON", arguments: StoreKind.available)
    func brokenJSON(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        for json in ["", "{", "[]", "null", "{\"byteCount\":\"5\"}", "{\"fileName\":1}", "\u{0}"] {
            try await refused(service, 400, "invalidRequest") {
                try await $0.call("POST", "/api/uploads", json: json)
            }
        }
        let deep = String(repeating: "[", count: 10_000)
        try await refused(service, 400, "invalidRequest") {
            try await $0.call("POST", "/api/uploads", json: "{\"attributes\":\(deep)")
        }
    }

    @Test("a body that is not JSON", arguments: StoreKind.available)
    func notJSON(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        for type in ["", "text/plain", "application/x-www-form-urlencoded"] {
            try await refused(service, 415, "notJSON") {
                try await $0.call(
                    "POST",
                    "/api/uploads",
                    json: Self.post,
                    headers: ["Content-Type": type]
                )
            }
        }
    }

    @Test("a huge body", arguments: StoreKind.available)
    func hugeBody(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let id = try #require(try await service.upload("a.txt")["id"])
        let huge = "{\"fileName\":\"" + String(repeating: "a", count: 70_000) + "\"}"
        let calls = [
            ("POST", "/api/uploads"), ("POST", "/api/uploads/\(id)/ticket"),
            ("POST", "/api/uploads/\(id)/confirm"), ("DELETE", "/api/uploads/\(id)"),
            ("DELETE", "/api/documents/\(id)"), ("POST", "/api/documents/\(id)/restore"),
        ]
        for (method, path) in calls {
            try await refused(service, 413, "bodyTooLarge") {
                try await $0.call(method, path, json: huge)
            }
        }
    }

    @Test("nobody is signed in", arguments: StoreKind.available)
    func nobody(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let id = try #require(try await service.upload("a.txt")["id"])
        let calls = [
            ("POST", "/api/uploads"), ("POST", "/api/uploads/\(id)/ticket"),
            ("POST", "/api/uploads/\(id)/confirm"), ("DELETE", "/api/uploads/\(id)"),
            ("GET", "/api/documents"), ("GET", "/api/documents/\(id)"),
            ("GET", "/api/documents/\(id)/url"), ("DELETE", "/api/documents/\(id)"),
            ("POST", "/api/documents/\(id)/restore"),
        ]
        for (method, path) in calls {
            try await refused(service, 401, "signInRequired") {
                try await $0.call(method, path, owner: nil, json: Self.post)
            }
        }
    }

    @Test("an owner's name that is none", arguments: StoreKind.available)
    func wrongOwner(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        for owner in [String(repeating: "a", count: 65), "a\u{1}", "\u{7F}"] {
            try await refused(service, 400, "invalidRequest") {
                try await $0.call("POST", "/api/uploads", owner: owner, json: Self.post)
            }
        }
    }

    @Test("unknown ids, and those of somebody else", arguments: StoreKind.available)
    func unknownIDs(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let others = try #require(try await service.upload("a.txt", owner: "bob")["id"])
        let pending = try #require(
            try await service.reserve("b.txt", "text/plain", 5, owner: "bob")["id"]
        )
        let long = String(repeating: "a", count: 200)
        let unknown = "01890a5d-ac96-774b-bcce-b302099a8057"
        for id in [others, pending, unknown, long, "..", "%2E%2E%2Fsecret", "a%00b", "%C3%A9"] {
            let calls = [
                ("POST", "/api/uploads/\(id)/ticket"), ("POST", "/api/uploads/\(id)/confirm"),
                ("DELETE", "/api/uploads/\(id)"), ("GET", "/api/documents/\(id)"),
                ("GET", "/api/documents/\(id)/url"), ("DELETE", "/api/documents/\(id)"),
                ("POST", "/api/documents/\(id)/restore"),
            ]
            for (method, path) in calls {
                try await refused(service, 404, "notFound") { try await $0.call(method, path) }
            }
        }
    }

    @Test("oversized names and numbers", arguments: StoreKind.available)
    func oversized(_ kind: StoreKind) async throws {
        let service = try await TestService(kind, ["UPLOAD_MAX_BYTES": "1000"])
        let name = String(repeating: "é", count: 600)
        try await refused(service, 422, "invalidUpload") {
            let json = Self.request(name, "text/plain", "5")
            return try await $0.call("POST", "/api/uploads", json: json)
        }
        try await refused(service, 413, "tooLarge") {
            let json = Self.request("a.txt", "text/plain", "1001")
            return try await $0.call("POST", "/api/uploads", json: json)
        }
        for count in ["-1", "1e30", "1.5", "9223372036854775808"] {
            let service = try await TestService(kind, ["UPLOAD_MAX_BYTES": "1000"])
            let json = Self.request("a.txt", "text/plain", count)
            let answer = try await service.call("POST", "/api/uploads", json: json)
            #expect([400, 422].contains(answer.status), "\(count): \(answer.text)")
            #expect(try await service.records().isEmpty)
        }
        try await refused(service, 422, "empty") {
            let json = Self.request("a.txt", "text/plain", "0")
            return try await $0.call("POST", "/api/uploads", json: json)
        }
    }

    @Test("types and extensions that are not taken", arguments: StoreKind.available)
    func wrongTypes(_ kind: StoreKind) async throws {
        let service = try await TestService(
            kind,
            ["UPLOAD_TYPES": "image/*, application/pdf", "UPLOAD_EXTENSIONS": "png,pdf"]
        )
        for (name, type, reason) in [
            ("a.png", "text/html", "typeNotAllowed"), ("a.png", "imagex/png", "typeNotAllowed"),
            ("a.exe", "image/png", "extensionNotAllowed"),
            ("png", "image/png", "extensionNotAllowed"),
        ] {
            try await refused(service, 422, reason) {
                let json = Self.request(name, type, "5")
                return try await $0.call("POST", "/api/uploads", json: json)
            }
        }
        let limits = try await service.call("GET", "/api/limits", owner: nil).object()
        #expect(limits.members["types"] as? [String] == ["image/*", "application/pdf"])
        #expect(limits.members["extensions"] as? [String] == ["png", "pdf"])
    }

    @Test("more than the owner may have", arguments: StoreKind.available)
    func quota(_ kind: StoreKind) async throws {
        let service = try await TestService(kind, ["UPLOAD_QUOTA_BYTES": "12"])
        try await service.upload("a.txt")
        try await service.upload("b.txt")
        try await refused(service, 403, "quotaExceeded") {
            try await $0.call("POST", "/api/uploads", json: Self.post)
        }
        try await service.upload("c.txt", owner: "bob")
    }

    @Test("what can be restored takes its room until it is swept", arguments: StoreKind.available)
    func quotaOfDeleted(_ kind: StoreKind) async throws {
        let service = try await TestService(kind, ["UPLOAD_QUOTA_BYTES": "12"])
        let id = try #require(try await service.upload("a.txt")["id"])
        try await service.upload("b.txt")
        #expect(try await service.call("DELETE", "/api/documents/\(id)").status == 200)
        try await refused(service, 403, "quotaExceeded") {
            try await $0.call("POST", "/api/uploads", json: Self.post)
        }
        service.pass(seconds: 11)
        try await service.eventually("there is room again") {
            await service.service.sweep(includesStore: false)
            return try await service.call("POST", "/api/uploads", json: Self.post).status == 201
        }
    }

    @Test("an attribute that is the service's own", arguments: StoreKind.available)
    func ownAttribute(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        try await refused(service, 422, "invalidUpload") {
            let json = "{\"byteCount\":5,\"attributes\":{\"thumbnail\":\"x\"}}"
            return try await $0.call("POST", "/api/uploads", json: json)
        }
    }

    @Test("a bad cursor, limit, disposition, query", arguments: StoreKind.available)
    func badQueries(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let id = try #require(try await service.upload("a.txt")["id"])
        try await service.upload("b.txt")
        let page = try await service.call("GET", "/api/documents?limit=1").object()
        let cursor = try #require(page["cursor"])
        let paths = [
            "/api/documents?cursor=x", "/api/documents?cursor=\(cursor)x.",
            "/api/documents?cursor=",
            "/api/documents?search=a&cursor=documents1.0.0.a", "/api/documents?limit=0",
            "/api/documents?limit=101", "/api/documents?limit=ten", "/api/documents?limit=%2B1",
            "/api/documents?limit=99999999999999999999", "/api/documents?limit=1&limit=2",
            "/api/documents?search=%FF", "/api/documents?search=%G1",
            "/api/documents/\(id)/url?disposition=form-data",
        ]
        for path in paths {
            try await refused(service, 400, "invalidRequest") { try await $0.call("GET", path) }
        }
        // One owner's cursor says nothing about another's documents.
        try await refused(service, 400, "invalidRequest") {
            try await $0.call("GET", "/api/documents?limit=1&cursor=\(cursor)", owner: "bob")
        }
    }

    @Test("a wrong method, and an unknown route", arguments: StoreKind.available)
    func routes(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        for (method, path, allow) in [
            ("PUT", "/api/uploads", "POST"), ("GET", "/api/uploads", "POST"),
            ("POST", "/api/documents", "GET, HEAD"),
            ("PATCH", "/api/documents/a", "GET, HEAD, DELETE"),
            ("POST", "/", "GET, HEAD"), ("DELETE", "/health", "GET, HEAD"),
            ("TRACE", "/api/limits", "GET, HEAD"),
        ] {
            try await refused(service, 405, "methodNotAllowed") {
                let answer = try await $0.call(method, path)
                #expect(answer.headers["Allow"] == allow)
                return answer
            }
        }
        for path in ["/api", "/api/", "/api/documents/", "/index.html", "/..%2F", "//", "/file"] {
            try await refused(service, 404, "notFound") { try await $0.call("GET", path) }
        }
        for path in ["*", "http://files.test/", "/%zz"] {
            try await refused(service, 400, "invalidRequest") { try await $0.call("GET", path) }
        }
    }

    /// What the store itself answers is S3's, and so tells a client as little as S3 does.
    @Test func whatIsWrongInTheFolderIsLoggedWithTheRequest() async throws {
        let service = try await TestService(.folder)
        let id = try #require(try await service.upload("a.txt")["id"])
        let address = try await service.call("GET", "/api/documents/\(id)/url").object()
        let url = try #require(address["url"])
        let path = "\(service.folder.path)/files/uploads/ada/\(id).txt"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: path,
            withDestinationPath: "/nowhere"
        )
        let answer = try await service.send("GET", url)
        #expect(answer.status == 500)
        #expect(!answer.text.contains("symbolic link"))
        let lines = service.lines.objects("gateway")
        try #require(lines.count == 1)
        #expect(lines[0]["level"] == "error")
        #expect(lines[0]["request"] == answer.headers["x-amz-request-id"])
        #expect(lines[0]["cause"]?.contains("symbolic link") == true)
        #expect(!service.lines.text.contains("Signature"))
    }
}
