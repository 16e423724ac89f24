// Multipart uploads: a blob that comes in parts.
import BlobStorage

// snippet.hide
let store = InMemoryStore()
let firstHalf = [UInt8](repeating: 1, count: 5 << 20)
let secondHalf: [UInt8] = [2, 2, 2]

// snippet.show
let upload = try await store.createMultipartUpload("videos/cat.mp4")
// Parts may come in any order, from several tasks, and again. `upload` is Codable: a program that
// starts anew goes on where the last one stopped.
let last = try await store.uploadPart(2, of: upload, secondHalf)
let first = try await store.uploadPart(1, of: upload, firstHalf)
print(try await store.parts(of: upload).map(\.number))
let attributes = try await store.completeMultipartUpload(upload, parts: [first, last])
// snippet.hide
precondition(attributes.byteCount == (5 << 20) + 3)
