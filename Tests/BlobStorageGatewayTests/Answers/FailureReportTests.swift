import BlobStorage
import BlobStorageHandler
import BlobStorageTestKit
import BlobStorageXML
import Foundation
import Testing

@testable import BlobStorageGateway

/// What the program's log is told of failures of which a client learns nothing.
@Suite struct FailureReportTests {
    private static let corrupted = BlobError(
        .corrupted,
        operation: "get",
        message: "the attributes at /srv/files are unreadable"
    )

    private struct Report: Sendable {
        let id: String
        let error: any Error
    }

    private let reports = Locked<[Report]>([])

    private func client(_ store: any BlobStore) -> RawClient {
        let reports = reports
        return RawClient(store) { configuration in
            configuration.onFailure = { id, error in
                reports.withLock { $0.append(Report(id: id, error: error)) }
            }
        }
    }

    private func client(_ faults: Fault...) -> RawClient {
        client(FaultyStore(InMemoryStore(), .scripted(faults)))
    }

    /// The one report that there is; it is about the corrupted store.
    private func onlyReport(_ location: SourceLocation = #_sourceLocation) throws -> Report {
        let all = reports.withLock { $0 }
        try #require(all.count == 1, sourceLocation: location)
        let message = (all[0].error as? BlobError)?.message
        #expect(message == Self.corrupted.message, sourceLocation: location)
        return all[0]
    }

    static let requests: [(StoreCall, String, String)] = [
        (.get, "GET", "/bucket/a"), (.head, "HEAD", "/bucket/a"), (.put, "PUT", "/bucket/a"),
        (.delete, "DELETE", "/bucket/a"), (.list, "GET", "/bucket?list-type=2"),
        (.createMultipartUpload, "POST", "/bucket/a?uploads"),
    ]

    @Test("an answer that hides its cause tells it to the log", arguments: requests)
    func causes(_ call: StoreCall, _ method: String, _ target: String) async throws {
        let client = client(Fault(call, .failBefore(Self.corrupted)))
        let answer = try await client.send(method, target)
        #expect(answer.status == 500)
        #expect(!answer.text.contains("/srv/files"))
        #expect(try onlyReport().id == answer.headers["x-amz-request-id"])
    }

    @Test func whatIsTheClientsToMendIsNotTold() async throws {
        let kinds: [BlobError.Kind] = [
            .invalidArgument, .notFound, .permissionDenied, .outOfSpace, .conflict, .unsupported,
        ]
        for kind in kinds {
            let error = BlobError(kind, operation: "get", message: "")
            let answer = try await client(Fault(.get, .failBefore(error)))
                .send("GET", "/bucket/a")
            #expect(answer.status >= 400)
        }
        #expect(reports.withLock { $0.isEmpty })
    }

    @Test func requestsWhoseClientsAreGoneAreNotToldOf() async throws {
        let client = client(Fault(.get, .failBefore(CancellationError())))
        #expect(try await client.send("GET", "/bucket/a").status == 500)
        #expect(reports.withLock { $0.isEmpty })
    }

    @Test func aBodyThatFailsAfterItsHeadIsTold() async throws {
        let store = InMemoryStore()
        try await store.put("a", "0123456789")
        let cut = Fault(.get, .cutBody(afterByteCount: 4, Self.corrupted))
        let client = client(FaultyStore(store, .scripted([cut])))
        await #expect(throws: BlobError.self) { try await client.send("GET", "/bucket/a") }
        _ = try onlyReport()
        // The second time nothing is cut.
        #expect(try await client.send("GET", "/bucket/a").text == "0123456789")
        _ = try onlyReport()
    }

    /// The answer has begun by then with `200`.
    @Test func workThatTakesLongAndFailsIsTold() throws {
        let reports = reports
        var configuration = S3GatewayConfiguration(buckets: FixedBuckets([:]), accessKeys: [])
        configuration.onFailure = { id, error in
            reports.withLock { $0.append(Report(id: id, error: error)) }
        }
        let id = RequestID()
        let headers: HTTPHeaders = ["Host": "h"]
        let call = GatewayCall(
            id: id,
            request: try GatewayFixture.request("PUT", target: "/b/k", headers: headers),
            caller: try BodyFixture.stranger(headers, BlobBody([])),
            configuration: configuration,
            completions: Completions(),
            grants: []
        )
        #expect(call.patience().failure(Self.corrupted).status == 500)
        #expect(try onlyReport().id == id.text)
    }

    @Test func ofManyBlobsThatCanNotBeDeletedOneIsTold() async throws {
        let folder = try ScratchFolder()
        let client = client(try await folder.store())
        for name in ["a", "b"] {
            let path = "\(folder.path)/bucket/\(name)"
            try FileManager.default.createSymbolicLink(
                atPath: path,
                withDestinationPath: "/nowhere"
            )
        }
        let document =
            "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>"
        let digest = Checksum.of(Array(document.utf8), .sha256)
        let answer = try await client.send(
            "POST",
            "/bucket?delete",
            ["x-amz-checksum-sha256": digest.base64],
            document
        )
        #expect(answer.status == 200)
        let failures = try answer.document.children(named: "Error")
        let codes = failures.map { $0.child("Code")?.text ?? "" }
        #expect(codes == ["InternalError", "InternalError"])
        let all = reports.withLock { $0 }
        try #require(all.count == 1)
        #expect(all[0].id == answer.headers["x-amz-request-id"])
        #expect((all[0].error as? BlobError)?.kind == .corrupted)
    }
}
