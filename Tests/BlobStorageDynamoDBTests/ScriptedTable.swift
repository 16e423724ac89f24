import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation

@testable import BlobStorageDynamoDB

/// A store, the scripted server that it talks to, and their clock.
struct ScriptedTable {
    let time: VirtualTime
    let transport: ScriptedTransport
    let store: DynamoDBMetadataStore

    /// Each change leaves the mark `mine`.
    init(
        _ steps: [ScriptStep],
        then last: ScriptStep = .refuse(.closed),
        itemByteLimit: Int? = nil,
        _ adjust: (inout DynamoDBConfiguration) -> Void = { _ in }
    ) throws {
        time = VirtualTime()
        transport = ScriptedTransport(steps, then: last, time: time)
        var configuration = DynamoDBConfiguration(table: "documents", region: "eu-west-1")
        configuration.maximumAttempts = 3
        adjust(&configuration)
        store = try DynamoDBMetadataStore(
            configuration,
            credentials: StaticCredentials(
                AWSCredentials(accessKeyID: "AKID", secretAccessKey: "secret")
            ),
            transport: transport,
            time: time.source,
            random: { 0.5 },
            makeWriteID: { "mine" },
            itemByteLimit: itemByteLimit
        )
    }

    /// The operations that were asked for, such as `PutItem`.
    var operations: [String] {
        transport.sent.map { sent in
            let target = sent.http.headers["X-Amz-Target"] ?? "-"
            return String(target.dropFirst("DynamoDB_20120810.".count))
        }
    }
}

/// An error of DynamoDB.
func refusal(_ code: String, status: Int = 400) -> ScriptStep {
    .answer(
        status,
        ["x-amzn-RequestId": "REQUEST"],
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#\(code)\",\"message\":\"said\"}"
    )
}

/// An answer in JSON, with its checksum.
func answer(_ json: String) -> ScriptStep {
    .answer(200, ["x-amz-crc32": "\(CRC32.of(Array(json.utf8)))"], json)
}

/// A record that no store has yet.
func newRecord(_ id: DocumentID = "a", version: Int64 = 0) -> DocumentRecord {
    DocumentRecord(
        id: id,
        owner: "owner",
        key: "key",
        created: Date(timeIntervalSince1970: 1_750_000_000),
        version: version
    )
}

/// The JSON of a record's item.
func itemJSON(_ record: DocumentRecord, write: String) throws -> String {
    let item = try DocumentItem.item(record, write: write, operation: "test")
    return String(decoding: try JSONEncoder().encode(item), as: UTF8.self)
}

/// The answer to a read of a record.
func found(_ record: DocumentRecord, write: String) throws -> ScriptStep {
    answer("{\"Item\":\(try itemJSON(record, write: write))}")
}
