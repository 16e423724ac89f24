import BlobStorage
import BlobStorageDisk

/// One change of a store, and what may be seen of it.
struct Operation: Sendable {
    /// What an operation works with.
    struct Context: Sendable {
        let store: LocalDiskStore
        /// A file outside the store that holds the bytes of ``Version/new``.
        let inputPath: String
    }

    let name: String
    /// What the store holds before.
    let before: StoreState
    /// What it holds when the operation has returned.
    let after: StoreState
    /// What it may hold besides, if the operation was cut off or failed.
    var between: [StoreState] = []
    /// What it may have left when it has returned, if it could not clear up.
    var unclean: [StoreState] = []
    /// What the operation may throw if it is run once more when all has been done.
    var errorsOnceMore: [BlobError.Kind] = []
    /// Whether the store's root is there before; else the operation makes it.
    var isPrepared = true
    let run: @Sendable (Context) async throws -> Void

    static func named(_ name: String) -> Operation? {
        all.first { $0.name == name }
    }

    static let all: [Operation] = puts + swaps + removals + uploads

    /// The keys that a blob may be found under.
    var keys: Set<String> {
        Set(([before, after] + between).flatMap(\.blobs.keys))
    }

    /// Brings a store into the state before.
    func prepare(_ store: LocalDiskStore) async throws {
        guard isPrepared else { return }
        try await store.prepare()
        for (text, name) in before.blobs.sorted(by: { $0.key < $1.key }) {
            guard let version = Version.all.first(where: { $0.name == name }) else { continue }
            try await store.put(try BlobKey(text), version.bytes, options: version.putOptions)
        }
        for (text, parts) in before.uploads {
            let upload = try await Self.begin(try BlobKey(text), in: store)
            for (number, name) in parts {
                guard let number = Int(number),
                    let part = Version.parts.first(where: { $0.name == name })
                else { continue }
                _ = try await store.uploadPart(number, of: upload, part.bytes)
            }
        }
    }
}

extension Operation {
    static func begin(_ key: BlobKey, in store: LocalDiskStore) async throws -> MultipartUpload {
        let version = Version.assembled
        let options = MultipartOptions(
            headers: version.headers,
            metadata: version.metadata,
            checksum: version.checksum
        )
        return try await store.createMultipartUpload(key, options: options)
    }

    /// The upload that is there.
    static func upload(in store: LocalDiskStore) async throws -> MultipartUpload {
        let page = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: 1
        )
        guard let upload = page.uploads.first?.upload else {
            throw BlobError(.notFound, operation: "upload", message: "there is no upload")
        }
        return upload
    }
}
