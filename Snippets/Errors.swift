// Errors: what to act on.
import BlobStorage

// snippet.hide
let store = InMemoryStore()
try await store.put("counter", "1")
let text = "reports/2025.csv"

// snippet.show
let logo: BlobKey = "images/logo.png"  // A literal: a bad one, such as "", ends the program.
let report = try BlobKey(text)  // Text from outside: a bad one throws `invalidArgument`.

do {
    try await store.put("counter", "0", options: PutOptions(condition: .ifAbsent))
} catch let error as BlobError {
    switch error.kind {
    case .alreadyExists: print("somebody was here first")
    case .outOfSpace, .tooLarge: print("no room: \(error.message)")
    case _ where error.isRetryable: print("try again later")
    default: throw error
    }
}

// Reads a number, adds one, and writes it only if nobody else wrote meanwhile.
func increment(_ key: BlobKey, in store: any BlobStore) async throws -> Int {
    while true {
        let blob = try await store.get(key)
        let text = String(decoding: try await blob.body.collect(upTo: 20), as: UTF8.self)
        let next = (Int(text) ?? 0) + 1
        do {
            let unchanged = PutOptions(condition: .ifMatches(blob.attributes.etag))
            try await store.put(key, "\(next)", options: unchanged)
            return next
        } catch let error as BlobError where error.kind == .preconditionFailed {
            continue
        }
    }
}
// snippet.hide
try await withThrowingTaskGroup { group in
    for _ in 1...20 { group.addTask { _ = try await increment("counter", in: store) } }
    try await group.waitForAll()
}
let count = try await store.bytes("counter", upTo: 20)
precondition(count == Array("21".utf8))
precondition(logo < report)
