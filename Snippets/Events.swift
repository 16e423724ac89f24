// Events: a thumbnail when a file lands, on a disk and on S3.
import BlobStorage
import BlobStorageDisk
import BlobStorageS3
import BlobStorageServer

// snippet.hide
func thumbnail(of image: [UInt8]) -> [UInt8] { Array(image.prefix(3)) }
func record(_ letter: BlobDeadLetter) async throws { print(letter.event, letter.error) }
let disk = LocalDiskStore(root: "files")
try await disk.prepare()

// snippet.show
let processor = BlobEventProcessor { event in
    guard event.kind == .created,
        let small = try event.key.replacingPrefix("uploads/", with: "thumbnails/")
    else { return }
    let image = try await disk.bytes(event.key, upTo: 20 << 20)
    try await disk.put(small, thumbnail(of: image))
}
let files = disk.evented(as: "files", emit: processor.offer)
async let unfinished = processor.run()
try await files.put("uploads/cat.jpg", "meow, purr")
// snippet.hide

// snippet.show
// At the end of the program: no more events, and those that came are handled.
await processor.drain()
// snippet.hide
let left = await unfinished
precondition(left.isEmpty)
let made = try await disk.bytes("thumbnails/cat.jpg", upTo: 100)
precondition(made == Array("meo".utf8))

// snippet.show
// Ten at once, three attempts each, and a place for those that no attempt could handle.
let options = BlobEventOptions(maximumConcurrency: 10, maximumAttempts: 3)
let careful = BlobEventProcessor(
    options: options,
    onDeadLetter: { letter in try await record(letter) },
    handler: { event in print(event) }
)

// snippet.hide
func poll(_ processor: BlobEventProcessor) async throws {
    // snippet.show
    // S3 writes to a queue, and the queue is polled.
    let queue = try SQSEventQueue(
        SQSConfiguration(queueURL: "https://sqs.eu-central-1.amazonaws.com/123456789012/uploads")
    )
    try await withThrowingDiscardingTaskGroup { group in
        group.addTask { await processor.run() }
        group.addTask {
            try await queue.run(processor) { problem in print(problem.error) }
        }
    }
    // snippet.hide
}
let token = "only-for-this-snippet-not-a-secret"

// snippet.show
// Or the store pushes: radosgw, MinIO, SNS, EventBridge.
let receiver = try S3EventReceiver(token: token, processor: careful)
let server = HTTPServer(handler: receiver)
// snippet.hide

// snippet.show
// Or they come in whatever way the application has, and are decoded.
let decoder = S3EventDecoder()
if case .events(let events) = try decoder.decode(Array(#"{"Records":[]}"#.utf8)) {
    for event in events { try await careful.accept(event) }
}
