import BlobStorage
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageDynamoDB

@Suite struct QueryTests {
    /// What a request says, by its names.
    private func body(_ sent: SentRequest) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(sent.body ?? []))
        let fields = try #require(object as? [String: Any])
        return fields.compactMapValues { value in
            (value as? String) ?? (value as? NSNumber).map { "\($0)" }
        }
    }

    private func values(_ sent: SentRequest) throws -> Item {
        struct Body: Decodable {
            var values: Item

            enum CodingKeys: String, CodingKey {
                case values = "ExpressionAttributeValues"
            }
        }
        return try JSONDecoder().decode(Body.self, from: Data(sent.body ?? []))
            .values
    }

    /// A page of records, newest first, and the key that it ends with.
    private func page(_ records: [DocumentRecord], endsAt last: DocumentRecord? = nil) throws
        -> ScriptStep
    {
        let items = try records.map { try itemJSON($0, write: "w") }.joined(separator: ",")
        let key = try last.map { record in
            let item = try DocumentItem.item(record, write: "w", operation: "test")
                .filter { ["id", "owner", "state", "order"].contains($0.key) }
            let json = String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
            return ",\"LastEvaluatedKey\":\(json)"
        }
        return answer("{\"Items\":[\(items)]\(key ?? "")}")
    }

    private func record(_ number: Int64) throws -> DocumentRecord {
        DocumentRecord(
            id: try DocumentID("a\(number)"),
            owner: "o",
            key: "key",
            created: DocumentTime.date(number),
            version: 1
        )
    }

    @Test func aQueryByOwner() async throws {
        let table = try ScriptedTable([page([try record(5)])])
        let query = DocumentQuery(
            owner: "o",
            state: .pending,
            keyPrefix: "k",
            createdFrom: DocumentTime.date(3),
            createdBefore: DocumentTime.date(9),
            limit: 10
        )
        let found = try await table.store.query(query)
        #expect(found == DocumentPage(records: [try record(5)]))
        let sent = try #require(table.transport.sent.first)
        let fields = try body(sent)
        #expect(fields["IndexName"] == "by-owner")
        #expect(
            fields["KeyConditionExpression"]
                == "#partition = :partition AND #order BETWEEN :first AND :last"
        )
        #expect(fields["FilterExpression"] == "#state = :state AND begins_with(#key, :prefix)")
        #expect(
            try values(sent) == [
                ":partition": .text("o"), ":first": .text("000000000000003#"),
                ":last": .text("000000000000008#~"), ":state": .text("pending"),
                ":prefix": .text("k"),
            ]
        )
    }

    @Test func aPageEndsWithItsLimit() async throws {
        let records = try [5, 4, 3].map { try record($0) }
        let table = try ScriptedTable([
            page(records), page(try [4, 3].map { try record($0) }),
        ])
        var query = DocumentQuery(owner: "o", limit: 2)
        let first = try await table.store.query(query)
        #expect(first.records == Array(records.prefix(2)))
        query.continuationToken = first.continuationToken
        let second = try await table.store.query(query)
        #expect(second == DocumentPage(records: [records[2]]))
        #expect(try values(table.transport.sent[1])[":last"] == .text("000000000000004#a4"))
        #expect(try body(table.transport.sent[0])["Limit"] == "4")
    }

    @Test func aWalkGoesOnWhereDynamoDBStopped() async throws {
        let table = try ScriptedTable([
            page([try record(9)], endsAt: try record(7)), page([], endsAt: try record(4)),
            page([try record(2)]),
        ])
        let found = try await table.store.query(DocumentQuery(owner: "o", keyPrefix: "k"))
        #expect(found == DocumentPage(records: [try record(9), try record(2)]))
        #expect(table.transport.sent[1].text.contains("\"000000000000007#a7\""))
        #expect(table.transport.sent[2].text.contains("\"000000000000004#a4\""))
    }

    @Test func rareMatchesGiveAShortPage() async throws {
        let table = try ScriptedTable([], then: page([], endsAt: try record(4)))
        var query = DocumentQuery(owner: "o", keyPrefix: "k")
        let found = try await table.store.query(query)
        #expect(found.records.isEmpty)
        #expect(table.transport.requestCount == 16)
        query.continuationToken = found.continuationToken
        #expect(try query.start() == DocumentPosition(created: 4, id: "a4"))
    }

    @Test func aQueryByNeitherWalksAllStates() async throws {
        var moved = try record(4)
        moved.state = .confirmed
        moved.version = 2
        let table = try ScriptedTable([
            page([try record(9), try record(4)], endsAt: try record(4)), page([moved]), page([]),
        ])
        let found = try await table.store.query(DocumentQuery(limit: 1))
        #expect(found.records == [try record(9)])
        let states = try table.transport.sent.map { try values($0)[":partition"] }
        #expect(states == [.text("pending"), .text("confirmed"), .text("deleting")])
        // One that moved on between the walks counts once, as it is now.
        let again = try ScriptedTable([
            page([try record(9), try record(4)]), page([moved]), page([]),
        ])
        let all = try await again.store.query(DocumentQuery())
        #expect(all == DocumentPage(records: [try record(9), moved]))
    }

    @Test func whatIsNotKnownYetIsNotGiven() async throws {
        // The walk of pending records stopped at 6: an older confirmed one may not come before them.
        let stopped = try page([try record(8)], endsAt: try record(6))
        let table = try ScriptedTable(
            Array(repeating: stopped, count: IndexWalk.maximumRequestCount)
                + [page([try record(7), try record(3)]), page([])]
        )
        let query = DocumentQuery(keyPrefix: "k", limit: 100)
        let found = try await table.store.query(query)
        #expect(found.records == [try record(8), try record(7)])
        var next = query
        next.continuationToken = found.continuationToken
        #expect(try next.start() == DocumentPosition(created: 6, id: "a6"))
    }

    @Test func anEmptyTimeAsksNothing() async throws {
        let table = try ScriptedTable([])
        let time = DocumentTime.date(5)
        let query = DocumentQuery(owner: "o", createdFrom: time, createdBefore: time)
        #expect(try await table.store.query(query).records.isEmpty)
        #expect(table.transport.requestCount == 0)
    }
}
