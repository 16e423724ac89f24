import BlobStorage
import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// What a client does from the first request to the last, on every store.
@Suite struct StoryTests {
    @Test("a file is put, confirmed, listed, fetched", arguments: StoreKind.available)
    func put(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let bytes = Array("What a browser sends.\n".utf8)
        let ticket = try await service.reserve("Notes é.txt", "text/plain", bytes.count)
        #expect(ticket["method"] == "put")
        #expect(try await service.documents().isEmpty)
        let sent = try await service.follow(ticket, bytes)
        #expect(sent.status == 200, "\(sent.text)")

        let id = try #require(ticket["id"])
        let confirmed = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(confirmed.status == 200)
        let document = try confirmed.object()
        #expect(document["id"] == id)
        #expect(document["fileName"] == "Notes é.txt")
        #expect(document["contentType"] == "text/plain")
        #expect(document.number("byteCount") == bytes.count)
        #expect(document["etag"]?.isEmpty == false)
        let again = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(again.body == confirmed.body)

        #expect(try await service.documents().map { $0["id"] } == [id])
        let one = try await service.call("GET", "/api/documents/\(id)")
        #expect(one.body == confirmed.body)
        let address = try await service.call("GET", "/api/documents/\(id)/url").object()
        let url = try #require(address["url"])
        #expect(address["expiresAt"] != nil)
        let fetched = try await service.send("GET", url)
        #expect(fetched.status == 200)
        #expect(fetched.body == bytes)
        let disposition = fetched.headers["Content-Disposition"] ?? ""
        #expect(disposition.hasPrefix("attachment; filename=\"Notes _.txt\""))
        #expect(disposition.contains("filename*=UTF-8''Notes%20%C3%A9.txt"))

        let path = "/api/documents/\(id)/url?disposition=inline"
        let inline = try await service.call("GET", path).object()
        let shown = try await service.send("GET", try #require(inline["url"]))
        #expect(shown.headers["Content-Disposition"]?.hasPrefix("inline") == true)
    }

    @Test("a file of unknown size goes by a form", arguments: StoreKind.available)
    func form(_ kind: StoreKind) async throws {
        let service = try await TestService(kind, ["UPLOAD_MAX_BYTES": "1000"])
        let ticket = try await service.reserve("a.txt", "text/plain", nil)
        #expect(ticket["method"] == "form")
        let long = try await service.follow(ticket, [UInt8](repeating: 65, count: 1_001))
        #expect(long.status == 400, "the store itself refuses what is too long")
        let sent = try await service.follow(ticket, Array("by a form".utf8))
        #expect(sent.status == 204, "\(sent.text)")
        let id = try #require(ticket["id"])
        let answer = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(try answer.object().number("byteCount") == 9)
    }

    @Test("a large file goes in parts, and goes on after a break", arguments: StoreKind.available)
    func parts(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let bytes = (0..<(17 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) }
        let ticket = try await service.reserve("a.bin", "application/octet-stream", bytes.count)
        #expect(ticket["method"] == "parts")
        #expect(ticket.number("partCount") == 3)
        let id = try #require(ticket["id"])
        let parts = try ticket.objects("parts")
        let part = try #require(parts.first { $0.number("number") == 2 })
        let offset = try #require(part.number("offset"))
        let slice = Array(bytes[offset..<(offset + (part.number("byteCount") ?? 0))])
        #expect(try await service.sendRequest(part.object("request"), slice).status == 200)

        let early = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(early.status == 409)
        #expect(try early.object()["reason"] == "incomplete")
        let next = try await service.call("POST", "/api/uploads/\(id)/ticket").object()
        #expect(next.numbers("uploaded") == [2])
        #expect(try next.objects("parts").map { $0.number("number") } == [1, 3])
        #expect(try await service.follow(next, bytes).status == 200)

        let answer = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(try answer.object().number("byteCount") == bytes.count, "\(answer.text)")
        let address = try await service.call("GET", "/api/documents/\(id)/url").object()
        #expect(try await service.send("GET", try #require(address["url"])).body == bytes)
    }

    @Test("a deleted file can be restored, until it is swept", arguments: StoreKind.available)
    func deletion(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let id = try #require(try await service.upload("a.txt")["id"])
        let path = "/api/documents/\(id)"

        let deleted = try await service.call("DELETE", path)
        #expect(deleted.status == 200)
        #expect(try deleted.object()["undoUntil"]?.hasSuffix("Z") == true)
        #expect(try await service.documents().isEmpty)
        #expect(try await service.call("GET", path).status == 410)
        #expect(try await service.call("GET", "\(path)/url").status == 410)

        let restored = try await service.call("POST", "\(path)/restore")
        #expect(restored.status == 200)
        #expect(try await service.documents().map { $0["id"] } == [id])

        #expect(try await service.call("DELETE", path).status == 200)
        await service.service.sweep(includesStore: true)
        #expect(try await service.call("GET", path).status == 410)
        service.pass(seconds: 11)
        try await service.eventually("it is swept") {
            await service.service.sweep(includesStore: false)
            return try await service.call("GET", path).status == 404
        }
        let late = try await service.call("POST", "\(path)/restore")
        #expect(late.status == 404)
        #expect(try await service.keys().isEmpty)
    }

    @Test("an upload that is given up leaves nothing", arguments: StoreKind.available)
    func cancellation(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let ticket = try await service.reserve("a.txt", "text/plain", 5)
        #expect(try await service.follow(ticket, Array("hello".utf8)).status == 200)
        let id = try #require(ticket["id"])
        #expect(try await service.call("DELETE", "/api/uploads/\(id)").status == 204)
        let confirmed = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect([404, 410].contains(confirmed.status))
        await service.service.sweep(includesStore: true)
        #expect(try await service.keys().isEmpty)
    }

    @Test("lists come in pages, and a search finds names", arguments: StoreKind.available)
    func lists(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        for number in 1...7 {
            let name = number.isMultiple(of: 3) ? "Report \(number).txt" : "note \(number).txt"
            try await service.upload(name)
        }
        try await service.upload("of somebody else.txt", owner: "bob")
        var names: [String?] = []
        var cursor: String?
        repeat {
            let query = "?limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await service.call("GET", "/api/documents\(query)").object()
            names += try page.objects("documents").map { $0["fileName"] }
            cursor = page["cursor"]
        } while cursor != nil
        let expected = [
            "note 7.txt", "Report 6.txt", "note 5.txt", "note 4.txt", "Report 3.txt", "note 2.txt",
            "note 1.txt",
        ]
        #expect(names == expected)
        let found = try await service.documents("?search=rEPORT&limit=2")
        #expect(found.map { $0["fileName"] } == ["Report 6.txt", "Report 3.txt"])
        #expect(try await service.documents("?search=report+3").count == 1)
        #expect(try await service.documents("?search=nowhere").isEmpty)
        #expect(try await service.documents(owner: "bob").count == 1)
        #expect(try await service.documents(owner: "eve").isEmpty)
    }
}

extension TestService {
    /// All keys of the store, but the mark's.
    func keys() async throws -> [String] {
        var keys: [String] = []
        for try await blob in service.files.store.list() where blob.key != Belonging.key {
            keys.append(blob.key.text)
        }
        return keys
    }

    /// All records, whatever their state, but the mark's.
    func records() async throws -> [DocumentRecord] {
        var records: [DocumentRecord] = []
        for try await record in service.metadata.documents() where record.id != Belonging.id {
            records.append(record)
        }
        return records
    }
}
