// Uploads that go straight from a client to the store: reserved, confirmed, listed, deleted.
import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageS3
import BlobStorageSQLite
import BlobStorageUploads
import Foundation

// snippet.hide
let keys = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
// snippet.show
// The application's own gateway, at the address that clients use; `vendor` says what it can do.
let configuration = S3Configuration(
    bucket: "files",
    region: "us-east-1",
    endpoint: "http://localhost:8080",
    vendor: .gateway,
    credentials: StaticCredentials(keys)
)
let presigner = try S3Presigner(configuration)

// A folder whose requests clients reach through a gateway; an S3Store needs no presigner.
let store = LocalDiskStore(root: "files").presigned(by: presigner)
let uploads = try UploadService(
    store: store,
    metadata: SQLiteMetadataStore(path: "documents.sqlite"),
    policy: UploadPolicy(allowedTypes: ["image/*", "application/pdf"], maximumByteCount: 1 << 30)
)
try await uploads.prepare()

// snippet.hide
let gateway = S3Gateway(
    S3GatewayConfiguration(
        buckets: FixedBuckets(["files": store]),
        accessKeys: [GatewayAccessKey(keys)]
    )
)

/// Stands for the client's HTTP: the gateway answers without a network.
func send(_ request: PresignedRequest, _ bytes: [UInt8]) async throws {
    var headers = HTTPHeaders()
    headers["Host"] = "localhost:8080"
    headers["Content-Length"] = String(bytes.count)
    for (name, value) in request.headers { headers[name] = value }
    let target = String(request.url.dropFirst("http://localhost:8080".count))
    let answer = await gateway.respond(
        to: HTTPServerRequest(
            method: request.method,
            target: target,
            headers: headers,
            body: BlobBody(bytes)
        )
    )
    guard answer.status == 200 else { fatalError("the store answered \(answer.status)") }
}

let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
let requestBody = Data(#"{"fileName":"cat.png","contentType":"image/png","byteCount":8}"#.utf8)
let owner = "user-42"
// snippet.show
// POST /uploads: the client says what it has, and gets a ticket.
let request = try JSONDecoder().decode(UploadRequest.self, from: requestBody)
let ticket = try await uploads.reserve(request, owner: owner)
let ticketJSON = try JSONEncoder().encode(ticket)

// The client does what the ticket says: here, one request.
if case .put(let request) = ticket.method { try await send(request, png) }

// POST /uploads/{id}/confirm: the bytes are judged, and become a document.
do {
    let record = try await uploads.confirm(ticket.id, owner: owner)
    print(record.key, record.byteCount ?? 0, record.etag ?? "")
} catch let error as UploadError {
    print(error.reason, error.message, error.reason.endsReservation)
}

// The owner's documents, newest first, and an address for one of them.
let page = try await uploads.documents(owner: owner, limit: 20)
for record in page.records { print(record.fileName ?? "-", record.byteCount ?? 0) }
let answer = ResponseHeaders(disposition: .attachment("cat.png"))
let address = try await uploads.url(
    of: ticket.id,
    owner: owner,
    options: DeliveryOptions(lifetime: .seconds(300), responseHeaders: answer)
)
print(address.expiresAt ?? .distantFuture)

// Deleted, taken back, and deleted for good.
try await uploads.delete(ticket.id, owner: owner, after: .seconds(10))
try await uploads.restore(ticket.id, owner: owner)
try await uploads.delete(ticket.id, owner: owner)

// snippet.hide
let film = png + [UInt8](repeating: 7, count: 20 << 20)
let filmRequest = UploadRequest(
    fileName: "large.png",
    contentType: "image/png",
    byteCount: Int64(film.count)
)
// snippet.show
// A large document comes in parts: any order, several at once, again after a lost connection.
let large = try await uploads.reserve(filmRequest, owner: owner)
if case .parts(let parts) = large.method {
    for part in parts.parts.dropLast() {
        let bytes = film[Int(part.offset)..<Int(part.offset + part.byteCount)]
        try await send(part.request, Array(bytes))
    }
}

// After a reload: what is there already, and requests for what is not.
let next = try await uploads.ticket(large.id, owner: owner)
if case .parts(let parts) = next.method {
    // The progress that the store knows of; the last part may be shorter.
    let there = Int64(parts.uploaded.count) * parts.partByteCount
    print("\(min(there, parts.byteCount)) of \(parts.byteCount) bytes are there")
    for part in parts.parts {
        let bytes = film[Int(part.offset)..<Int(part.offset + part.byteCount)]
        try await send(part.request, Array(bytes))
    }
}
let whole = try await uploads.confirm(large.id, owner: owner)

// snippet.hide
precondition(whole.byteCount == Int64(film.count) && !ticketJSON.isEmpty)
func makePolicy(_ documents: any MetadataStore) -> UploadPolicy {
    // snippet.show
    // Each owner may have ten documents, pending ones included.
    var policy = UploadPolicy(allowedTypes: ["image/*"])
    policy.quota = { request, owner in
        let query = DocumentQuery(owner: owner, limit: 11)
        guard try await documents.query(query).records.count < 10 else {
            throw UploadError(.quotaExceeded, "ten documents are there already")
        }
    }
    // snippet.hide
    return policy
}

// snippet.show
// Every minute the records, every night the store too.
try await uploads.sweep(SweepOptions(includesStore: false))
let report = try await uploads.sweep(SweepOptions(isDryRun: true))
print(report)
