import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageDynamoDB

@Suite struct FailureTests {
    @Test(
        "throttles are waited for",
        arguments: [
            "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded",
        ]
    )
    func throttles(_ code: String) async throws {
        let table = try ScriptedTable([refusal(code), refusal(code), answer("{}")])
        #expect(try await table.store.insert(newRecord()).version == 1)
        #expect(table.transport.requestCount == 3)
        // Half of 50 ms and half of 100 ms.
        #expect(table.time.uptime == .milliseconds(75))
    }

    @Test func endlessThrottlesEnd() async throws {
        let table = try ScriptedTable([], then: refusal("ThrottlingException"))
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(newRecord())
        }
        #expect(error.kind == .throttled && error.isRetryable)
        #expect(table.transport.requestCount == 3)
        #expect(error.remote?.requestID == "REQUEST")
    }

    @Test(
        "each code has its kind",
        arguments: [
            ("ResourceNotFoundException", BlobError.Kind.storeNotFound),
            ("AccessDeniedException", .permissionDenied),
            ("UnrecognizedClientException", .unauthenticated),
            ("ValidationException", .invalidArgument),
            ("SomethingNewException", .invalidArgument),
        ]
    )
    func codes(_ code: String, _ kind: BlobError.Kind) async throws {
        let table = try ScriptedTable([], then: refusal(code))
        let error = try await #require(throws: BlobError.self) { try await table.store.record("a") }
        #expect(error.kind == kind)
        #expect(error.remote?.code == code)
    }

    @Test func crc32IsThatOfZlib() {
        // https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-32-iso-hdlc
        #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.of([]) == 0)
    }

    @Test func anAnswerWithAWrongChecksumIsAskedForAgain() async throws {
        let kept = newRecord(version: 1)
        let json = "{\"Item\":\(try itemJSON(kept, write: "w"))}"
        let wrong = ScriptStep.answer(200, ["x-amz-crc32": "1"], json)
        let table = try ScriptedTable([wrong, answer(json)])
        #expect(try await table.store.record("a") == kept)
        #expect(table.transport.requestCount == 2)
    }

    @Test func wrongChecksumsEnd() async throws {
        let wrong = ScriptStep.answer(200, ["x-amz-crc32": "1"], "{}")
        let read = try ScriptedTable([], then: wrong)
        let error = try await #require(throws: BlobError.self) { try await read.store.record("a") }
        #expect(error.kind == .unavailable)
        #expect(error.message.contains("has the checksum 2745614147, not 1"))
        // The change that such an answer is about has happened.
        let kept = newRecord(version: 1)
        let change = try ScriptedTable([wrong, wrong, wrong, found(kept, write: "mine")])
        #expect(try await change.store.insert(newRecord()) == kept)
    }

    @Test(
        "an answer that is none",
        arguments: [
            "", "{", "[]", "null", "{\"Item\":[]}", "{\"Item\":{\"id\":{\"S\":1}}}",
            "{\"Item\":{\"id\":{\"BOOL\":true}}}", "{\"Item\":{\"id\":{}}}",
        ]
    )
    func malformed(_ text: String) async throws {
        let table = try ScriptedTable([], then: .answer(200, [:], text))
        let error = try await #require(throws: BlobError.self) { try await table.store.record("a") }
        #expect(error.kind == .unavailable)
        #expect(table.transport.requestCount == 3)
    }

    @Test(
        "an item that is no record",
        arguments: [
            "{\"id\":{\"S\":\"a\"}}", "{\"id\":{\"S\":\"a/b\"}}", "{\"id\":{\"N\":\"1\"}}", "{}",
        ]
    )
    func foreignItem(_ item: String) async throws {
        let table = try ScriptedTable([answer("{\"Item\":\(item)}")])
        let error = try await #require(throws: BlobError.self) { try await table.store.record("a") }
        #expect(error.kind == .corrupted)
    }

    @Test func aRecordThatIsTooLargeIsNotSent() async throws {
        let table = try ScriptedTable([], itemByteLimit: 1_000)
        var record = newRecord()
        record.attributes = ["large": String(repeating: "x", count: 900)]
        let error = try await #require(throws: BlobError.self) {
            try await table.store.insert(record)
        }
        #expect(error.kind == .tooLarge)
        #expect(error.message.contains("DynamoDB keeps 1000 of an item"))
        #expect(table.transport.requestCount == 0)
    }

    @Test func theLargestRecordFitsAnItem() throws {
        var record = newRecord(try DocumentID(String(repeating: "i", count: 128)), version: .max)
        record.owner = String(repeating: "o", count: DocumentRecord.maximumOwnerByteCount)
        record.key = try BlobKey(String(repeating: "k", count: BlobKey.maximumByteCount))
        record.fileName = String(repeating: "f", count: 1_024)
        (record.contentType, record.etag) = (String(repeating: "c", count: 256), "\"e\"")
        let count = DocumentAttributes.maximumCount
        let value = String(repeating: "v", count: DocumentAttributes.maximumByteCount / count - 4)
        for number in 0..<count { record.attributes["\(1_000 + number)"] = value }
        try record.validate(operation: "test")
        let item = try DocumentItem.item(record, write: "w", operation: "test")
        #expect(item.byteCount < DocumentItem.maximumByteCount)
    }

    @Test func aDeadlineIsKept() async throws {
        let table = try ScriptedTable([], then: .stall) { $0.operationTimeout = .seconds(2) }
        let error = try await #require(throws: BlobError.self) { try await table.store.record("a") }
        #expect(error.kind == .timedOut)
        #expect(table.time.uptime <= .seconds(2))
    }
}
