import BlobStorage
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageDynamoDB

@Suite struct BatchTests {
    /// The answer to a batch: records read, and ids left unread.
    private func batch(_ read: [DocumentID], left: [DocumentID] = []) throws -> ScriptStep {
        let items = try read.map { try itemJSON(newRecord($0, version: 1), write: "w") }
        let keys = left.map { "{\"id\":{\"S\":\"\($0)\"}}" }
        let unprocessed =
            left.isEmpty ? "" : "\"documents\":{\"Keys\":[\(keys.joined(separator: ","))]}"
        let responses = "\"documents\":[\(items.joined(separator: ","))]"
        return answer("{\"Responses\":{\(responses)},\"UnprocessedKeys\":{\(unprocessed)}}")
    }

    /// The ids that a request asks for.
    private func ids(_ sent: SentRequest) throws -> [String] {
        struct Body: Decodable {
            var tables: [String: BatchKeys]

            enum CodingKeys: String, CodingKey {
                case tables = "RequestItems"
            }
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(sent.body ?? []))
        let keys = try #require(body.tables["documents"])
        #expect(keys.isConsistent == true)
        return try keys.keys.map { try #require(try $0.text("id")) }
    }

    @Test func unprocessedKeysAreAskedForAgain() async throws {
        let table = try ScriptedTable([
            batch(["a"], left: ["b", "c"]), batch(["c"], left: ["b"]), batch(["b"]),
        ])
        let found = try await table.store.records(["a", "b", "c"])
        #expect(Set(found.keys) == ["a", "b", "c"])
        let asked = try table.transport.sent.map { Set(try ids($0)) }
        #expect(asked == [["a", "b", "c"], ["b", "c"], ["b"]])
        #expect(table.time.sleepCount == 0)
    }

    @Test func nothingProcessedIsWaitedFor() async throws {
        let none = try batch([], left: ["a"])
        let table = try ScriptedTable([none, none, batch(["a"])])
        #expect(try await table.store.records(["a"]).count == 1)
        #expect(table.time.uptime == .milliseconds(75))
    }

    @Test func endlesslyUnprocessedKeysEnd() async throws {
        let table = try ScriptedTable([], then: batch([], left: ["a"]))
        let error = try await #require(throws: BlobError.self) {
            try await table.store.records(["a"])
        }
        #expect(error.kind == .throttled)
        #expect(table.transport.requestCount == 10)
    }

    @Test func aRequestHasAHundredKeysAndNoneTwice() async throws {
        let ids = try (0..<250).map { try DocumentID("a\($0)") }
        let table = try ScriptedTable([], then: batch([]))
        #expect(try await table.store.records(ids + ids).isEmpty)
        let asked = try table.transport.sent.map(self.ids)
        #expect(asked.map(\.count) == [100, 100, 50])
        #expect(Set(asked.joined()).count == 250)
    }

    @Test func nothingIsNotAskedFor() async throws {
        let table = try ScriptedTable([])
        #expect(try await table.store.records([]).isEmpty)
        #expect(table.transport.requestCount == 0)
    }
}
