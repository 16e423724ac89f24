import BlobStorage
import BlobStorageUploads
import Foundation

/// Whether the files and the records are each other's.
///
/// A sweep of the store removes files that no record knows of. Records that are new, or somebody
/// else's, know of none, so a variable with the wrong address would cost all files. Therefore both
/// sides have one mark, made when there is no file yet; without it the store is not swept.
struct Belonging {
    static let key: BlobKey = "document-service.txt"
    static let id: DocumentID = "document-service"
    private static let pair = "mark"
    private static let settlingTime = Duration.seconds(2)

    let files: any BlobStore
    let metadata: any MetadataStore
    /// What the keys of all documents begin with.
    let prefixes: [String]

    /// Compares the two marks; makes those that are missing, if there is no file yet.
    ///
    /// - Returns: Whether the files and the records are each other's.
    /// - Throws: `BlobError`.
    func check(now: Date) async throws -> Bool {
        let recorded = try await metadata.find(Self.id)?.attributes[Self.pair]
        if let recorded, let stored = try await storedMark() { return stored == recorded }
        guard try await hasNoDocuments() else { return false }
        var mark = recorded
        if mark == nil { mark = try await recordMark(now) }
        guard let mark else { return false }
        try await storeMark(mark)
        return try await storedMark() == mark
    }

    private func hasNoDocuments() async throws -> Bool {
        for prefix in prefixes {
            let page = try await files.list(ListOptions(prefix: prefix, limit: 1))
            if !page.blobs.isEmpty { return false }
        }
        return true
    }

    /// Makes the mark of the records, or finds the one that another instance has just made.
    private func recordMark(_ now: Date) async throws -> String? {
        // It is nobody's document: it is not confirmed, and its key is none of a document.
        let record = DocumentRecord(
            id: Self.id,
            owner: "document-service",
            key: Self.key,
            created: now,
            attributes: [Self.pair: UUID().uuidString.lowercased()]
        )
        do {
            return try await metadata.insert(record).attributes[Self.pair]
        } catch let error as BlobError where error.kind == .alreadyExists {
            return try await metadata.record(Self.id).attributes[Self.pair]
        }
    }

    /// Puts the mark beside the files, if there is none.
    private func storeMark(_ mark: String) async throws {
        let isDecidedOnce = files.capabilities.features.contains(.putIfAbsent)
        // One that is there stays, and shows what is wrong.
        if !isDecidedOnce, try await storedMark() != nil { return }
        do {
            let text = "The files here are those of a document-service whose records have the mark "
            try await files.put(
                Self.key,
                "\(text)\(mark).\n",
                options: PutOptions(
                    metadata: BlobMetadata([Self.pair: mark]),
                    condition: isDecidedOnce ? .ifAbsent : .none
                )
            )
        } catch let error as BlobError where error.kind == .alreadyExists {
            return
        }
        // Where the last one wins, another service may have started at the same moment.
        if !isDecidedOnce { try await Task.sleep(for: Self.settlingTime) }
    }

    private func storedMark() async throws -> String? {
        do {
            return try await files.head(Self.key).metadata[Self.pair]
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }
}
