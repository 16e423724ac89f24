import BlobStorage
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageDynamoDB

@Suite struct PrepareTests {
    private let missing = refusal("ResourceNotFoundException")

    /// The answer to a look at the table.
    private func look(
        _ status: String,
        owner: String? = "ACTIVE",
        state: String? = "ACTIVE",
        key: String = "id"
    ) -> ScriptStep {
        let indexes = [("by-owner", "owner", owner), ("by-state", "state", state)]
            .compactMap { name, partition, status in
                status.map { status in
                    """
                    {"IndexName":"\(name)","IndexStatus":"\(status)","KeySchema":[\
                    {"AttributeName":"\(partition)","KeyType":"HASH"},\
                    {"AttributeName":"order","KeyType":"RANGE"}]}
                    """
                }
            }
        return answer(
            """
            {"Table":{"TableStatus":"\(status)","KeySchema":[\
            {"AttributeName":"\(key)","KeyType":"HASH"}],\
            "GlobalSecondaryIndexes":[\(indexes.joined(separator: ","))]}}
            """
        )
    }

    @Test func aTableIsMadeAndWaitedFor() async throws {
        let table = try ScriptedTable([
            missing, answer("{}"), look("CREATING", owner: "CREATING", state: "CREATING"),
            look("ACTIVE", owner: "ACTIVE", state: "CREATING"), look("ACTIVE"),
        ])
        try await table.store.prepare()
        let looks = Array(repeating: "DescribeTable", count: 3)
        #expect(table.operations == ["DescribeTable", "CreateTable"] + looks)
        #expect(
            table.transport.sent[1].text == """
                {"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},\
                {"AttributeName":"order","AttributeType":"S"},\
                {"AttributeName":"owner","AttributeType":"S"},\
                {"AttributeName":"state","AttributeType":"S"}],\
                "BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[\
                {"IndexName":"by-owner","KeySchema":[{"AttributeName":"owner","KeyType":"HASH"},\
                {"AttributeName":"order","KeyType":"RANGE"}],\
                "Projection":{"ProjectionType":"ALL"}},\
                {"IndexName":"by-state","KeySchema":[{"AttributeName":"state","KeyType":"HASH"},\
                {"AttributeName":"order","KeyType":"RANGE"}],\
                "Projection":{"ProjectionType":"ALL"}}],\
                "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"TableName":"documents"}
                """
        )
    }

    @Test func aTableThatIsThereIsLeftAlone() async throws {
        let table = try ScriptedTable([look("ACTIVE")])
        try await table.store.prepare()
        #expect(table.operations == ["DescribeTable"])
    }

    @Test(
        "somebody else is faster",
        arguments: ["ResourceInUseException", "LimitExceededException"]
    )
    func races(_ code: String) async throws {
        let table = try ScriptedTable([missing, refusal(code), look("CREATING"), look("ACTIVE")])
        try await table.store.prepare()
    }

    @Test func aLostAnswerShowsAtTheNextLook() async throws {
        let lost = ScriptStep.loseAnswer()
        let table = try ScriptedTable([missing, lost, lost, lost, look("ACTIVE")])
        try await table.store.prepare()
    }

    @Test func aMissingIndexIsAdded() async throws {
        let table = try ScriptedTable([
            look("ACTIVE", state: nil), answer("{}"), look("UPDATING", state: "CREATING"),
            look("ACTIVE", state: "CREATING"), look("ACTIVE"),
        ])
        try await table.store.prepare()
        #expect(table.operations[1] == "UpdateTable")
        #expect(table.transport.sent[1].text.contains("\"IndexName\":\"by-state\""))
        #expect(!table.transport.sent[1].text.contains("by-owner"))
    }

    @Test func anotherTableIsRefused() async throws {
        let table = try ScriptedTable([look("ACTIVE", key: "pk")])
        let error = try await #require(throws: BlobError.self) { try await table.store.prepare() }
        #expect(error.kind == .unsupported)
        #expect(table.operations == ["DescribeTable"])
    }

    @Test func waitingEnds() async throws {
        let table = try ScriptedTable([], then: look("CREATING")) {
            $0.prepareTimeout = .seconds(60)
        }
        let error = try await #require(throws: BlobError.self) { try await table.store.prepare() }
        #expect(error.kind == .timedOut)
        #expect(table.time.uptime <= .seconds(60))
        #expect(table.transport.requestCount < 25)
    }

    @Test func waitingCanBeCancelled() async throws {
        let table = try ScriptedTable([], then: look("CREATING")) {
            $0.prepareTimeout = .seconds(1_000_000)
        }
        let task = Task { try await table.store.prepare() }
        await Task.yield()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
