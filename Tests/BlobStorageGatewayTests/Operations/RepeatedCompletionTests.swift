import BlobStorage
import BlobStorageHandler
import BlobStorageTestKit
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Clients that ask for one completion more than once, or leave while it runs.
@Suite struct RepeatedCompletionTests {
    private let store = InMemoryStore()

    /// A client of a store whose completions take a while.
    private var client: RawClient {
        let delay = Fault(.completeMultipartUpload, .delay(.milliseconds(300)))
        return RawClient(FaultyStore(store, .scripted([delay])))
    }

    /// Uploads one part; what completes it.
    private func begin(_ client: RawClient) async throws -> (target: String, document: String) {
        let created = try await client.send("POST", "/bucket/m?uploads")
        let id = try #require(try created.document.child("UploadId")?.text)
        let target = "/bucket/m?uploadId=\(id)"
        let part = try await client.send("PUT", target + "&partNumber=1", [:], "part")
        let etag = try #require(part.headers["ETag"])
        return (
            target,
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>"
                + "</CompleteMultipartUpload>"
        )
    }

    @Test func allGetTheSameAnswer() async throws {
        let client = client
        let (target, document) = try await begin(client)
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<4 {
                group.addTask { try await client.send("POST", target, [:], document).body }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == answers[0] })
        let again = try await client.send("POST", target, [:], document)
        #expect(again.status == 200 && again.body == answers[0])
        // Another condition is another question.
        let absent = try await client.send("POST", target, ["If-None-Match": "*"], document)
        #expect(absent.code == "NoSuchUpload")
    }

    @Test func itGoesOnWithoutItsClient() async throws {
        let client = client
        let (target, document) = try await begin(client)
        let task = Task { try await client.send("POST", target, [:], document) }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        _ = try? await task.value
        let again = try await client.send("POST", target, [:], document)
        #expect(again.status == 200)
        #expect(try again.document.isNamed("CompleteMultipartUploadResult"))
        #expect(try await store.exists("m"))
    }

    @Test func whatFailsMayBeAskedAgain() async throws {
        let full = BlobError(.outOfSpace, operation: "complete", message: "full")
        let faults = [Fault(.completeMultipartUpload, .failBefore(full))]
        let client = RawClient(FaultyStore(store, .scripted(faults)))
        let (target, document) = try await begin(client)
        #expect(try await client.send("POST", target, [:], document).status >= 400)
        #expect(try await client.send("POST", target, [:], document).status == 200)
    }
}
