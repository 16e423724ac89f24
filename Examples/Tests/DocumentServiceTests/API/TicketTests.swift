import Foundation
import Testing

@testable import DocumentService

/// What a ticket, and the requests in it, can't be used for.
@Suite struct TicketTests {
    private static let hello = Array("hello".utf8)

    private func problem(_ answer: Answer) throws -> String? { try answer.object()["reason"] }

    @Test("a confirmed file can't be replaced by its ticket", arguments: StoreKind.available)
    func replayed(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let ticket = try await service.reserve("a.txt", "text/plain", 5)
        #expect(try await service.follow(ticket, Self.hello).status == 200)
        let id = try #require(ticket["id"])
        #expect(try await service.call("POST", "/api/uploads/\(id)/confirm").status == 200)

        _ = try await service.follow(ticket, Array("HELLO".utf8))
        let address = try await service.call("GET", "/api/documents/\(id)/url").object()
        let fetched = try await service.send("GET", try #require(address["url"]))
        #expect(fetched.body == Self.hello)
        let again = try await service.call("POST", "/api/uploads/\(id)/ticket")
        #expect(again.status == 409)
        #expect(try problem(again) == "alreadyConfirmed")
        let cancelled = try await service.call("DELETE", "/api/uploads/\(id)")
        #expect(cancelled.status == 409)
        #expect(try problem(cancelled) == "alreadyConfirmed")
        #expect(try await service.documents().count == 1)
        await service.service.sweep(includesStore: true)
        #expect(try await service.documents().count == 1)
    }

    @Test("a request that is over is refused by the store", arguments: StoreKind.available)
    func expiredRequest(_ kind: StoreKind) async throws {
        let service = try await TestService(kind, ["REQUEST_SECONDS": "4"])
        let ticket = try await service.reserve("a.txt", "text/plain", 5)
        // The store has the machine's clock.
        try await Task.sleep(for: .milliseconds(5_100))
        #expect(try await service.follow(ticket, Self.hello).status == 403)
        let id = try #require(ticket["id"])
        let answer = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(answer.status == 409)
        #expect(try problem(answer) == "notUploaded")
        var status = 403
        // On a busy machine the next one may be over as well before it arrives.
        for _ in 0..<5 where status == 403 {
            let next = try await service.call("POST", "/api/uploads/\(id)/ticket").object()
            status = try await service.follow(next, Self.hello).status
        }
        #expect(status == 200)
        #expect(try await service.call("POST", "/api/uploads/\(id)/confirm").status == 200)
    }

    @Test("a reservation that is over can't be used, and is swept", arguments: StoreKind.available)
    func expiredReservation(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let ticket = try await service.reserve("a.txt", "text/plain", 5)
        #expect(try await service.follow(ticket, Self.hello).status == 200)
        service.pass(seconds: 86_401)
        let id = try #require(ticket["id"])
        for path in ["/api/uploads/\(id)/confirm", "/api/uploads/\(id)/ticket"] {
            let answer = try await service.call("POST", path)
            #expect(answer.status == 410)
            #expect(try problem(answer) == "expired")
        }
        await service.service.sweep(includesStore: true)
        #expect(try await service.keys().isEmpty)
        #expect(try await service.call("POST", "/api/uploads/\(id)/confirm").status == 404)
    }

    @Test(
        "nothing, or something else than was said, is not confirmed",
        arguments: StoreKind.available
    )
    func wrongBytes(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let none = try #require(try await service.reserve("a.txt", "text/plain", 5)["id"])
        let answer = try await service.call("POST", "/api/uploads/\(none)/confirm")
        #expect(answer.status == 409)
        #expect(try problem(answer) == "notUploaded")

        // The store takes what was signed alone.
        for bytes in [Array("hell".utf8), Array("hello!".utf8)] {
            let ticket = try await service.reserve("a.txt", "text/plain", 5)
            #expect(try await service.follow(ticket, bytes).status >= 400)
        }
        // The first bytes are not those of a picture.
        let ticket = try await service.reserve("a.png", "image/png", 5)
        #expect(try await service.follow(ticket, Self.hello).status == 200)
        let id = try #require(ticket["id"])
        let refused = try await service.call("POST", "/api/uploads/\(id)/confirm")
        #expect(refused.status == 422)
        #expect(try problem(refused) == "wrongContent")
        #expect(try await service.documents().isEmpty)
    }

    @Test("what is signed for one file opens no other", arguments: [StoreKind.memory, .folder])
    func tampered(_ kind: StoreKind) async throws {
        let service = try await TestService(kind)
        let ticket = try await service.reserve("a.txt", "text/plain", 5)
        let request = try ticket.object("request")
        let url = try #require(request["url"])
        let headers = try request.texts("headers")
        let other = url.replacing("/uploads/ada/", with: "/uploads/bob/")
        #expect(other != url)
        for (method, target) in [
            ("PUT", other), ("PUT", url.replacing("X-Amz-Expires=900", with: "X-Amz-Expires=9000")),
            ("GET", url), ("DELETE", url), ("GET", "\(TestService.address)/files?list-type=2"),
            ("GET", "\(TestService.address)/files/thumbnails/a.png"),
        ] {
            let answer = try await service.send(
                method,
                target,
                headers: headers,
                body: method == "PUT" ? Self.hello : []
            )
            #expect(answer.status == 403, "\(method) \(target): \(answer.text)")
        }
        #expect(try await service.keys().isEmpty)
    }
}
