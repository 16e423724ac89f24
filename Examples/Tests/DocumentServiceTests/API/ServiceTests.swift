import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// What the service tells of itself, and what it tells browsers.
@Suite struct ServiceTests {
    @Test("the service is healthy when its stores answer", arguments: StoreKind.available)
    func health(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let answer = try await service.call("GET", "/health", owner: nil)
        #expect(answer.status == 200)
        #expect(try answer.object()["status"] == "ok")
    }

    @Test func untilItCanAnswerTheServiceSaysThatItIsStarting() async throws {
        let starting = StartingHandler()
        let request = HTTPServerRequest(method: "GET", target: "/health")
        let early = await starting.respond(to: request)
        #expect(early.status == 503)
        #expect(early.headers["Content-Type"] == "application/problem+json")
        #expect(early.headers["Retry-After"] == "1")
        let service = try await TestService()
        starting.mount(service.service)
        #expect(await starting.respond(to: request).status == 200)
    }

    @Test func limitsAreThoseOfTheConfiguration() async throws {
        let service = try await TestService(
            .memory,
            [
                "UPLOAD_MAX_BYTES": "20M", "REQUEST_SECONDS": "60", "RESERVATION_SECONDS": "600",
                "UNDO_SECONDS": "5",
            ]
        )
        let limits = try await service.call("GET", "/api/limits", owner: nil).object()
        #expect(limits.number("maximumByteCount") == 20 << 20)
        #expect(limits.number("requestSeconds") == 60)
        #expect(limits.number("reservationSeconds") == 600)
        #expect(limits.number("undoSeconds") == 5)
        #expect(limits.number("multipartThreshold") == 16 << 20)
        #expect(limits.members["types"] == nil)
    }

    @Test func everyProblemHasAPageThatExplainsIt() async throws {
        let service = try await TestService()
        for kind in ProblemKind.allCases {
            let answer = try await service.call("GET", kind.type, owner: nil)
            #expect(answer.status == 200)
            #expect(answer.text == "\(kind.title) (HTTP \(kind.status))\n\(kind.advice)\n")
        }
        #expect(try await service.call("GET", "/problems/none", owner: nil).status == 404)
    }

    @Test func thePageMayLoadItsOwnFilesAndSpeakWithTheStoreAlone() async throws {
        let service = try await TestService(.memory, ["CDN_URL": "https://cdn.example:8443/a/"])
        let page = try await service.call("GET", "/", owner: nil)
        #expect(page.status == 200)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("<script type=\"module\" src=\"/app.js\"></script>"))
        #expect(!page.text.contains("<script>") && !page.text.contains(" style=\""))
        let policy = try #require(page.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"))
        #expect(policy.contains("connect-src 'self' http://files.test https://cdn.example:8443;"))
        #expect(policy.contains("img-src 'self' blob: data: https://cdn.example:8443;"))
        #expect(!policy.contains("unsafe"))
        for (path, type) in [
            ("/app.js", "text/javascript; charset=utf-8"),
            ("/style.css", "text/css; charset=utf-8"), ("/icon.svg", "image/svg+xml"),
        ] {
            let file = try await service.call("GET", path, owner: nil)
            #expect(file.headers["Content-Type"] == type)
            #expect(file.headers["X-Content-Type-Options"] == "nosniff")
            let etag = try #require(file.headers["ETag"])
            let kept = try await service.call(
                "GET",
                path,
                owner: nil,
                headers: ["If-None-Match": etag]
            )
            #expect(kept.status == 304)
            #expect(kept.body.isEmpty)
        }
    }

    @Test func everyFileThatThePageLoadsIsThere() async throws {
        let service = try await TestService()
        let page = try await service.call("GET", "/", owner: nil)
        let links = page.text.matches(of: #/(?:href|src)="(/[^"]*)"/#).map { String($0.1) }
        #expect(links.count > 5)
        for link in Set(links) {
            let file = try await service.call("GET", link, owner: nil)
            #expect(file.status == 200, "\(link)")
            for match in file.text.matches(of: #/from "(/[^"]*)"/#) {
                let other = try await service.call("GET", String(match.1), owner: nil)
                #expect(other.status == 200, "\(match.1)")
            }
        }
    }

    @Test func downloadsGoThroughANetworkIfThereIsOne() async throws {
        let service = try await TestService(.memory, ["CDN_URL": "https://cdn.example/a"])
        let id = try #require(try await service.upload("a b.txt")["id"])
        let path = "/api/documents/\(id)/url?disposition=inline"
        let address = try await service.call("GET", path).object()
        #expect(address["url"] == "https://cdn.example/a/uploads/ada/\(id).txt")
        #expect(address["expiresAt"] == nil)
    }

    @Test func pagesOfOtherOriginsMayUploadIfTheyAreListed() async throws {
        let service = try await TestService(.memory, ["CORS_ORIGINS": "https://app.example"])
        let url = try #require(
            try await service.reserve("a", "text/plain", 5).object("request")["url"]
        )
        for (origin, status) in [("https://app.example", 200), ("https://evil.example", 403)] {
            let answer = try await service.send(
                "OPTIONS",
                url,
                headers: [
                    "Origin": origin, "Access-Control-Request-Method": "PUT",
                    "Access-Control-Request-Headers": "content-type",
                ]
            )
            #expect(answer.status == status)
        }
    }

    @Test("an owner's name never leads out of its folder", arguments: StoreKind.available)
    func owners(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let names = ["..", "a/b", "../../etc", "a%2Fb", "Ada", "ada", ".", "é", "a b", "ä/../ada"]
        for name in names { try await service.upload("a.txt", owner: name) }
        for name in names {
            let documents = try await service.documents(owner: name)
            #expect(documents.count == 1, "\(name)")
        }
        let keys = try await service.keys()
        #expect(keys.count == names.count)
        #expect(keys.allSatisfy { $0.utf8.count { $0 == UInt8(ascii: "/") } == 2 }, "\(keys)")
    }
}
