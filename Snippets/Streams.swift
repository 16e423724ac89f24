// Bodies: bytes in and out, a chunk at a time.
import BlobStorage
import Foundation

// snippet.hide
let store = InMemoryStore()
let source = "report.csv"
try "a,b\n1,2\n".write(toFile: source, atomically: true, encoding: .utf8)

// snippet.show
// From a file, into a file: a few chunks are in memory, whatever the size.
try await store.put("reports/2025.csv", file: source)
try await store.get("reports/2025.csv", toFile: "copy.csv")

// From any asynchronous sequence of [UInt8], whose length nobody need know.
let lines = AsyncStream<[UInt8]> { continuation in
    for number in 1...3 { continuation.yield(Array("line \(number)\n".utf8)) }
    continuation.finish()
}
try await store.put("logs/today.txt", BlobBody(lines))

// Chunk by chunk, as fast as the loop takes them; leaving the loop ends the transfer.
let blob = try await store.get("logs/today.txt", range: .from(7))
for try await chunk in blob.body {
    FileHandle.standardOutput.write(Data(chunk))
}

// All at once, with a cap on what may come: more throws `tooLarge`.
let text = try await store.bytes("logs/today.txt", upTo: 1 << 20)
// snippet.hide
precondition(text.count == 21)
