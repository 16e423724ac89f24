// The stores and the ways to open them.
import BlobStorage
import BlobStorageDisk

// snippet.show
// In memory, gone at the end: for tests.
let memory = InMemoryStore()

// A folder. `prepare` makes it if it is not there.
let disk = LocalDiskStore(root: "files")
try await disk.prepare()

// The same without waiting for the disk: for caches, and for what can be made anew.
let cache = LocalDiskStore(root: "cache", durability: .relaxed)

// By an address, such as from a configuration file; what may be opened is listed.
let configured = try await StoreURL("file:files?durability=full").open(with: [.memory, .file])
// snippet.hide
try await cache.prepare()

// snippet.show
// A part of a store as a store of its own: "logo.png" here is "tenants/42/logo.png" on disk.
let tenant = disk.prefixed("tenants/42/")
try await tenant.put("logo.png", "…")

// A store that can't be changed: every write throws `permissionDenied`.
let published = disk.readOnly()

// They combine.
let shown = disk.prefixed("public/").readOnly()
// snippet.hide
let logo = try await published.head("tenants/42/logo.png")
precondition(logo.headers.contentType == "image/png")
let isThere = try await (
    memory.exists("logo.png"), shown.exists("logo.png"), configured.exists("tenants/42/logo.png")
)
precondition(isThere == (false, false, true))

// snippet.show
// Another program may have written into the folder, or a power cut have left something behind.
let report = try await disk.fsck(repair: true, verifyingChecksums: true)
print("\(report.blobCount) blobs, \(report.byteCount) bytes")
for finding in report.findings { print(finding) }
// snippet.hide
precondition(report.isClean && report.blobCount == 1)
