// Listings: blobs, folders, pages.
import BlobStorage

// snippet.hide
let store = InMemoryStore()
for key: BlobKey in ["a.txt", "photos/1.jpg", "photos/2.jpg", "photos/old/0.jpg"] {
    try await store.put(key, "x")
}

// snippet.show
// Every blob under a prefix, in the order of the keys' bytes; pages are fetched as the loop goes on.
for try await blob in store.list(prefix: "photos/") {
    print(blob.key, blob.byteCount)
}

// As a folder shows it: what is behind the next "/" is one common prefix.
for try await entry in store.list(prefix: "photos/", delimiter: "/") {
    switch entry {
    case .blob(let blob): print("file  ", blob.key)
    case .commonPrefix(let prefix): print("folder", prefix)
    }
}

// One page, such as for a web page; the token goes to the client and comes back.
let first = try await store.list(ListOptions(prefix: "photos/", limit: 2))
let second = try await store.list(
    ListOptions(prefix: "photos/", limit: 2, continuationToken: first.continuationToken)
)
// snippet.hide
precondition(first.blobs.count == 2 && second.blobs.count == 1)
precondition(second.continuationToken == nil)
