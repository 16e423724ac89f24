// Requests that clients without credentials send: made here, and sent by nobody.
import BlobStorage
import BlobStorageDisk
import BlobStorageS3
import Foundation

// snippet.hide
let keys = StaticCredentials(AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"))
var configuration = S3Configuration(bucket: "reports", region: "eu-central-1", credentials: keys)
let store: any BlobStore & BlobPresigner = try S3Store(configuration)

// snippet.show
// Any S3Store presigns; S3Presigner does so without a connection of its own.
let presigner = try S3Presigner(configuration)
let request = try await presigner.presign(.get, "2026/a.pdf", expiresIn: .seconds(900))
print(request.method, request.expiresAt)

// A download under the name that a user gave it.
let options = PresignOptions(
    responseHeaders: ResponseHeaders(disposition: .attachment("Übersicht 2026.pdf"))
)
let download = try await store.presign(
    .get,
    "2026/a.pdf",
    expiresIn: .seconds(900),
    options: options
)

// An upload of exactly these bytes, once.
let photo: [UInt8] = [1, 2, 3]
let bound = PresignOptions(
    headers: ContentHeaders(contentType: "image/png"),
    byteCount: Int64(photo.count),
    checksum: .of(photo, .sha256),
    condition: .ifAbsent
)
let upload = try await store.presign(.put, "photos/1", expiresIn: .seconds(300), options: bound)
print(upload.headers, upload.notEnforced)

// What a browser gets.
let json = try JSONEncoder().encode(upload)

// snippet.hide
_ = (request, download, json)
// snippet.show
// An upload of any image of up to 10 MiB.
let conditions = UploadFormConditions(
    byteCounts: 1...(10 << 20),
    contentType: .prefix("image/"),
    metadata: ["owner": "42"]
)
let form = try await store.presignForm(
    "photos/2",
    expiresIn: .seconds(300),
    conditions: conditions
)
print(form.url, form.fields.count, form.byteCounts)

// A store on disk, whose presigner aims at the application's own gateway.
configuration.endpoint = "https://files.example.com"
configuration.vendor = .gateway
let files = LocalDiskStore(root: "files").presigned(by: try S3Presigner(configuration))
let reading = try await files.presign(.get, "a.txt", expiresIn: .seconds(300))
let writing = try await files.presign(.put, "a.png", expiresIn: .seconds(300), options: bound)
// snippet.hide
precondition(reading.url.hasPrefix("https://files.example.com/reports/a.txt?"))
precondition(writing.headers["if-none-match"] == "*")
