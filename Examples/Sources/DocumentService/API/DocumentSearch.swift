import BlobStorage
import BlobStorageUploads

/// Pages of an owner's documents, all of them or those with a text in their names.
///
/// A store of records has no index of words, so a search walks the owner's documents, and stops after
/// a while with a cursor to go on from. Who has many more documents keeps an index beside the store.
struct DocumentSearch: Sendable {
    /// How many documents one request looks at before it answers with those that it has.
    static let mostExamined = 2_000

    let uploads: UploadService
    let owner: String
    let limit: Int
    let text: String

    /// One page; it may be short, even empty, without being the last: that one has no cursor.
    ///
    /// - Throws: What the store of records does.
    func page(cursor: String?) async throws -> DocumentPage {
        let wanted = Self.folded(text)
        guard !wanted.isEmpty else {
            return try await uploads.documents(
                owner: owner,
                limit: limit,
                continuationToken: cursor
            )
        }
        var found = DocumentPage(records: [], continuationToken: cursor)
        var examined = 0
        repeat {
            // No more than there is room for, so that the cursor is always the end of a page.
            let page = try await uploads.documents(
                owner: owner,
                limit: limit - found.records.count,
                continuationToken: found.continuationToken
            )
            examined += max(page.records.count, 1)
            found.records += page.records.filter { record in
                Self.folded(record.fileName ?? "").contains(wanted)
            }
            found.continuationToken = page.continuationToken
            // Beyond half a page, the room would be asked for in ever smaller steps.
        } while found.continuationToken != nil && examined < Self.mostExamined
            && found.records.count <= limit / 2
        return found
    }

    /// A text as a search compares it.
    ///
    /// Here, and only here, names are people's words and not bytes: case does not matter, nor which of
    /// its two spellings an é has.
    private static func folded(_ text: String) -> String { text.lowercased() }
}
