// What the README shows.
import BlobStorage
import BlobStorageDisk

let store = LocalDiskStore(root: "files")
try await store.prepare()

let options = PutOptions(metadata: ["owner": "42"], condition: .ifAbsent)
let attributes = try await store.put("uploads/42/cat.txt", "meow, purr", options: options)
print(attributes.byteCount, attributes.etag, attributes.headers.contentType ?? "")

for try await blob in store.list(prefix: "uploads/42/") {
    print(blob.key, blob.byteCount, blob.lastModified)
}
let start = try await store.bytes("uploads/42/cat.txt", upTo: 1_024, range: .first(4))
print(String(decoding: start, as: UTF8.self))

try await store.get("uploads/42/cat.txt", toFile: "cat.txt")
try await store.delete("uploads/42/cat.txt")
// snippet.hide
precondition(start == Array("meow".utf8))
