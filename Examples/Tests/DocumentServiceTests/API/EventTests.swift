import BlobStorage
import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// Events that are pushed to the service.
@Suite struct EventTests {
    private static let token = "open-sesame-123456"

    private func push(
        _ service: TestService,
        _ json: String,
        _ headers: HTTPHeaders = ["Authorization": "Bearer open-sesame-123456"],
        _ path: String = "/events"
    ) async throws -> Answer {
        try await service.call("POST", path, owner: nil, json: json, headers: headers)
    }

    @Test func eventsAreTakenFromWhoKnowsTheToken() async throws {
        let service = try await TestService(.memory, ["EVENTS_TOKEN": Self.token])
        let none = "{\"Records\":[]}"
        #expect(try await push(service, none).status < 300)
        let path = "/events?token=\(Self.token)"
        #expect(try await push(service, none, [:], path).status < 300)
    }

    @Test func eventsOfOthersAreRefused() async throws {
        let service = try await TestService(.memory, ["EVENTS_TOKEN": Self.token])
        for (headers, json, status, reason) in [
            ([:], "{}", 401, "signInRequired"),
            (["Authorization": "Bearer open-sesame-12345"], "{}", 401, "signInRequired"),
            (["Authorization": "Bearer \(Self.token)"], "{", 400, "invalidRequest"),
            (["Authorization": "Bearer \(Self.token)"], "{\"a\":1}", 400, "invalidRequest"),
        ] as [(HTTPHeaders, String, Int, String)] {
            let answer = try await push(service, json, headers)
            #expect(answer.status == status, "\(answer.text)")
            #expect(try answer.object()["reason"] == reason)
            #expect(answer.headers["Content-Type"] == "application/problem+json")
        }
        #expect(!service.lines.text.contains("sesame"))
    }

    @Test func withoutATokenThereIsNoIntake() async throws {
        let service = try await TestService()
        #expect(try await push(service, "{\"Records\":[]}").status == 404)
    }

    @Test func keysOfABucketAreThoseOfTheServiceWithoutThePrefix() throws {
        let events = BucketEvents(try StoreURL("s3://files/some/prefix?region=eu-central-1"))
        func key(_ source: String, _ key: String) throws -> String? {
            let event = BlobEvent(
                .created,
                name: "ObjectCreated:Put",
                source: source,
                key: try BlobKey(key),
                time: Date()
            )
            return events.key(of: event)?.text
        }
        #expect(try key("files", "some/prefix/uploads/a") == "uploads/a")
        #expect(try key("files", "uploads/a") == nil)
        #expect(try key("others", "some/prefix/uploads/a") == nil)
        #expect(try key("files", "some/prefix/") == nil)
        #expect(try key(BucketEvents.ownSource, "uploads/a") == "uploads/a")
    }
}
