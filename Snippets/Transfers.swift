// Copies and syncs between stores.
import BlobStorage

// snippet.hide
let photos = InMemoryStore()
let archive = InMemoryStore()
for number in 1...3 { try await photos.put(try BlobKey("2025/\(number).jpg"), "photo \(number)") }
try await archive.put("2024/old.jpg", "not in photos")

// snippet.show
// One blob, with its headers and metadata, proved by its checksum on both sides.
try await photos.copy("2025/1.jpg", into: archive)

// All blobs; what the archive has already is not copied again.
let report = try await photos.sync(into: archive)
print(report.copied.blobCount, "copied,", report.skipped.blobCount, "current")
for failure in report.failures { print(failure.key, failure.error) }

// What a mirror would do: make the archive hold only what is in `photos`.
let rehearsal = SyncOptions(skips: .checksum, deletes: true, isDryRun: true)
let plan = try await photos.sync(into: archive, options: rehearsal)
print(plan.deleted.blobCount, "would be deleted")

// With progress. Cancelling the task, or leaving the loop, ends the work.
for try await report in BlobSync(from: photos, into: archive.prefixed("backup/")) {
    print(report.done.blobCount, "of", report.total.blobCount, report.timeLeft ?? .zero)
}
// snippet.hide
precondition(report.copied.blobCount == 2 && report.skipped.blobCount == 1)
precondition(plan.deleted.blobCount == 1)
let backup = try await archive.head("backup/2025/3.jpg")
precondition(backup.byteCount == 7)
