// Records of documents: kept, changed, found.
import BlobStorage
import BlobStorageDynamoDB
import BlobStoragePostgres
import BlobStorageSQLite
import Foundation

// snippet.hide
func openOnPostgres() async throws -> any MetadataStore {
    // snippet.show
    let documents = try PostgresMetadataStore(
        "postgresql://app@db.internal/app?sslmode=verify-full",
        table: "documents"
    )
    try await documents.prepare()
    // snippet.hide
    return documents
}

func openOnAWS() async throws -> any MetadataStore {
    // snippet.show
    let configuration = DynamoDBConfiguration(table: "documents", region: "eu-central-1")
    let documents = try DynamoDBMetadataStore(configuration)
    try await documents.prepare()
    // snippet.hide
    return documents
}

// snippet.show
let documents = SQLiteMetadataStore(path: "documents.sqlite")
try await documents.prepare()

// Ids sort as they are made.
let ids = DocumentIDMaker()
let id = ids.next()
let record = DocumentRecord(
    id: id,
    owner: "user-42",
    key: try BlobKey("uploads/user-42/\(id).pdf"),
    created: .now,
    fileName: "report.pdf",
    attributes: ["folder": "invoices"]
)
try await documents.insert(record)

// Reads, changes, writes; all over again if somebody else was faster.
let confirmed = try await documents.update(id) { record in
    record.state = .confirmed
    record.byteCount = 18_231
    record.uploaded = .now
}
// snippet.hide
precondition(confirmed.version == 2)

// snippet.show
// A page, newest first.
let query = DocumentQuery(owner: "user-42", state: .confirmed, limit: 20)
let page = try await documents.query(query)
for record in page.records { print(record.created, record.fileName ?? "-") }

// All pages, as the loop goes on.
for try await record in documents.documents(DocumentQuery(keyPrefix: "uploads/user-42/")) {
    print(record.id, record.version)
}
// snippet.hide
var stale = confirmed
stale.version = 1
let late = stale

// snippet.show
// What is based on an old version is refused.
do {
    try await documents.update(late)
} catch let error as BlobError where error.kind == .preconditionFailed {
    print(error.message)
}

try await documents.delete(confirmed)
await documents.close()
