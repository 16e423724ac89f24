import BlobStorage
import BlobStorageDisk

/// What a reader finds in a store.
struct Snapshot: Codable {
    var state = StoreState()
    /// What no store may show, whatever happened before.
    var problems: [String] = []

    /// Reads all of a store.
    ///
    /// - Parameters:
    ///   - store: The store to read.
    ///   - keys: Keys to look for, even if no listing has them.
    /// - Returns: What was found.
    /// - Throws: ``BlobError`` if anything can't be read.
    static func of(_ store: LocalDiskStore, looksFor keys: Set<String>) async throws -> Snapshot {
        var snapshot = Snapshot()
        for try await listed in store.list() {
            let version = try await snapshot.version(of: listed, in: store)
            snapshot.state.blobs[listed.key.text] = version
        }
        for text in keys where snapshot.state.blobs[text] == nil {
            if try await store.exists(try BlobKey(text)) {
                snapshot.problems.append("\"\(text)\" is there, and not listed")
            }
        }
        try await snapshot.checkFolders(of: store)
        try await snapshot.readUploads(of: store)
        return snapshot
    }

    private mutating func version(
        of listed: ListedBlob,
        in store: LocalDiskStore
    ) async throws -> String {
        let key = listed.key
        let head = try await store.head(key)
        let blob = try await store.get(key)
        let bytes = try await blob.body.collect(upTo: 1 << 20)
        if head != blob.attributes { problems.append("\"\(key)\": head is not what get says") }
        if head.etag != listed.etag || head.byteCount != listed.byteCount
            || head.lastModified != listed.lastModified
        {
            problems.append("\"\(key)\": head is not what the listing says")
        }
        guard let version = Version.all.first(where: { $0.bytes == bytes }) else {
            problems.append("\"\(key)\": its \(bytes.count) bytes are of no version")
            return "torn"
        }
        if let difference = version.difference(from: head) {
            problems.append("\"\(key)\": has another \(difference) than \(version.name)")
            return "mixed"
        }
        return version.name
    }

    /// No folder may show that has no blob in it.
    private mutating func checkFolders(of store: LocalDiskStore) async throws {
        var found: Set<String> = []
        for try await entry in store.list(delimiter: "/") {
            if case .commonPrefix(let prefix) = entry { found.insert(prefix) }
        }
        let expected = state.blobs.keys.compactMap { key in
            key.firstIndex(of: "/").map { String(key[...$0]) }
        }
        for prefix in found.symmetricDifference(expected).sorted() {
            problems.append("the listing of folders is wrong about \"\(prefix)\"")
        }
    }

    private mutating func readUploads(of store: LocalDiskStore) async throws {
        let page = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: ListOptions.maximumLimit
        )
        for upload in page.uploads.map(\.upload) {
            let key = upload.key.text
            if state.uploads[key] != nil { problems.append("\"\(key)\" has two uploads") }
            var parts: [String: String] = [:]
            for part in try await store.parts(of: upload) {
                let version = Version.parts.first { Int64($0.bytes.count) == part.byteCount }
                parts[String(part.number)] = version?.name ?? "torn"
            }
            state.uploads[key] = parts
        }
    }
}
