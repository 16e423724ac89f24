// An application goes from a disk to S3 while it runs. The bucket is one that this program serves.
import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageS3
import BlobStorageServer

// snippet.hide
let secret = "not/a/secret/only/for/this/snippet"
let keys = AWSCredentials(accessKeyID: "app", secretAccessKey: secret)
let gateway = S3Gateway(
    S3GatewayConfiguration(
        buckets: FixedBuckets(["files": InMemoryStore()]),
        accessKeys: [GatewayAccessKey(keys)]
    )
)
let server = HTTPServer(handler: gateway)
let address = try await server.start()
let configuration = S3Configuration(
    bucket: "files",
    endpoint: address.url,
    vendor: .gateway,
    credentials: StaticCredentials(keys)
)
let past = LocalDiskStore(root: "files")
try await past.prepare()
for number in 0..<500 { try await past.put(try BlobKey("\(number).txt"), "before") }

// snippet.show
let disk = LocalDiskStore(root: "files")
let bucket = try S3Store(configuration)

// From here on, this is the store that the application uses, in every process.
let store = disk.migrating(to: bucket)
try await store.prepare()

// The application goes on as ever, while its blobs are copied.
async let application: Void = work(with: store)

var marker: String?
for try await report in store.backfill() {
    print(report.done.blobCount, "of", report.total.blobCount, report.timeLeft ?? .zero)
    // Whoever keeps it can go on from there after a restart: BackfillOptions(startAfter: marker)
    marker = report.marker
}
try await application

// Until nothing was copied and nothing failed: then the bucket is all there is.
var report = try await store.backfill().run()
while report.copied.blobCount + report.failed.blobCount > 0 {
    for failure in report.failures { print(failure.key, failure.error) }
    report = try await store.backfill().run()
}
// snippet.hide
precondition(marker != nil)
var count = 0
for try await blob in bucket.list() {
    let text = try await bucket.bytes(blob.key, upTo: 99)
    let number = Int(blob.key.text.split(separator: ".")[0]) ?? 0
    let expected = number % 3 == 0 ? "after" : "before"
    precondition(text == Array(expected.utf8), blob.key.text)
    precondition(number % 3 != 1, "\(blob.key) came back")
    count += 1
}
precondition(count == 333, "\(count) blobs")
await server.stop(within: .seconds(10))

/// Replaces every third blob, and deletes every third.
func work(with store: any BlobStore) async throws {
    for number in 0..<500 {
        let key = try BlobKey("\(number).txt")
        switch number % 3 {
        case 0: try await store.put(key, "after")
        case 1: try await store.delete(key)
        default:
            let text = try await store.bytes(key, upTo: 99)
            precondition(text == Array("before".utf8))
        }
    }
}
// snippet.show

// With a way back: the disk gets all that is written, too.
let both = disk.migrating(
    to: bucket,
    writes: .both { key, error in print("the disk lacks \(key): \(error)") }
)
// snippet.hide
_ = both
