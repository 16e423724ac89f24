import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageDynamoDB

/// An answer that was lost is found out, or said to be unknown; it is never guessed.
@Suite struct LostAnswerTests {
    private let refused = refusal("ConditionalCheckFailedException")

    @Test func anInsertThatTookEffectSucceeds() async throws {
        let kept = newRecord(version: 1)
        let table = try ScriptedTable([.loseAnswer(), refused, found(kept, write: "mine")])
        #expect(try await table.store.insert(newRecord()) == kept)
        #expect(table.operations == ["PutItem", "PutItem", "GetItem"])
        #expect(table.transport.sent[0].body == table.transport.sent[1].body)
    }

    @Test func anInsertWhoseAnswersAreAllLostSucceedsIfItIsThere() async throws {
        let kept = newRecord(version: 1)
        let lost = ScriptStep.loseAnswer()
        let table = try ScriptedTable([lost, lost, lost, found(kept, write: "mine")])
        #expect(try await table.store.insert(newRecord()) == kept)
    }

    @Test func anInsertThatIsNotThereStaysUnknown() async throws {
        // The last attempt may be on its way still.
        let lost = ScriptStep.loseAnswer()
        let table = try ScriptedTable([lost, lost, lost, answer("{}")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(newRecord())
        }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test(
        "an insert that finds another record",
        arguments: [(1, .alreadyExists), (2, .outcomeUnknown)] as [(Int64, BlobError.Kind)]
    )
    func insertFindsOther(_ version: Int64, _ kind: BlobError.Kind) async throws {
        let other = newRecord(version: version)
        let table = try ScriptedTable([.loseAnswer(), refused, found(other, write: "other")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(newRecord())
        }
        #expect(error.kind == kind)
    }

    @Test func anInsertThatWasSurelyRefusedIsRefused() async throws {
        let other = newRecord(version: 7)
        let table = try ScriptedTable([refused, found(other, write: "other")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(newRecord())
        }
        #expect(error.kind == .alreadyExists)
    }

    @Test func anUpdateThatTookEffectSucceeds() async throws {
        let kept = newRecord(version: 4)
        let table = try ScriptedTable([.loseAnswer(), refused, found(kept, write: "mine")])
        #expect(try await table.store.update(newRecord(version: 3)) == kept)
    }

    @Test(
        "an update that finds another version",
        arguments: [(4, .preconditionFailed), (5, .outcomeUnknown)] as [(Int64, BlobError.Kind)]
    )
    func updateFindsOther(_ version: Int64, _ kind: BlobError.Kind) async throws {
        let other = newRecord(version: version)
        let table = try ScriptedTable([.loseAnswer(), refused, found(other, write: "other")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.update(newRecord(version: 3))
        }
        #expect(error.kind == kind)
    }

    @Test func anUpdateThatFindsNothingStaysUnknown() async throws {
        let table = try ScriptedTable([.loseAnswer(), refused, answer("{}")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.update(newRecord(version: 3))
        }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test func anUpdateTellsFoundAndExpected() async throws {
        let other = newRecord(version: 9)
        let table = try ScriptedTable([refused, found(other, write: "other")])
        let error = try await #require(throws: BlobError.self) {
            try await table.store.update(newRecord(version: 3))
        }
        #expect(
            error.description
                == "update: preconditionFailed: the record \"a\" has version 9, not 3; read it again"
        )
    }

    @Test("a delete that took effect succeeds", arguments: [nil, 3] as [Int64?])
    func deleteTookEffect(_ version: Int64?) async throws {
        let second = version == nil ? answer("{}") : refused
        let table = try ScriptedTable([.loseAnswer(), second, answer("{}")])
        try await table.store.delete("a", version: version)
    }

    @Test func aDeleteWhoseAnswersAreAllLost() async throws {
        let lost = ScriptStep.loseAnswer()
        let gone = try ScriptedTable([lost, lost, lost, answer("{}")])
        try await gone.store.delete("a", version: 3)
        let kept = newRecord(version: 3)
        let there = try ScriptedTable([lost, lost, lost, found(kept, write: "other")])
        let error = try await #require(throws: BlobError.self) {
            try await there.store.delete("a", version: 3)
        }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test func nobodyCanLook() async throws {
        let table = try ScriptedTable([.loseAnswer(), refused], then: .refuse(.connectFailed))
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(newRecord())
        }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test func aServerErrorMayHaveTakenEffect() async throws {
        let kept = newRecord(version: 1)
        let broken = refusal("InternalServerError", status: 500)
        let table = try ScriptedTable([broken, refused, found(kept, write: "mine")])
        #expect(try await table.store.insert(newRecord()) == kept)
    }
}
