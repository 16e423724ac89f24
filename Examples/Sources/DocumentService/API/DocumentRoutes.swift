import BlobStorage
import BlobStorageServer
import BlobStorageUploads
import Foundation

/// List, look, fetch, delete, restore.
struct DocumentRoutes: Sendable {
    /// The most documents of one answer.
    static let maximumLimit = 100
    /// How many there are unless the client says.
    static let defaultLimit = 50

    let uploads: UploadService
    let documents: DocumentViews
    let delivery: DownloadAddresses
    let undoTime: Duration
    /// Called when a deletion was taken back.
    let onRestore: @Sendable (DocumentRecord) async -> Void

    var routes: [Route] {
        [
            Route("GET", "/api/documents", list),
            Route("GET", "/api/documents/:id", document),
            Route("GET", "/api/documents/:id/url", url),
            Route("DELETE", "/api/documents/:id", delete),
            Route("POST", "/api/documents/:id/restore", restore),
        ]
    }

    private struct List: Encodable {
        let documents: [DocumentView]
        let cursor: String?
    }

    @Sendable private func list(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        let search = DocumentSearch(
            uploads: uploads,
            owner: owner,
            limit: try Self.limit(call),
            text: call.target.query["search"] ?? ""
        )
        let page: DocumentPage
        do {
            page = try await search.page(cursor: call.target.query["cursor"])
        } catch let error as BlobError where error.kind == .invalidArgument {
            throw Problem(.invalidRequest, "the cursor is not one that came with this list")
        }
        var views: [DocumentView] = []
        for record in page.records { views.append(try await documents.view(record)) }
        return .json(List(documents: views, cursor: page.continuationToken))
    }

    private static func limit(_ call: Call) throws -> Int {
        guard let text = call.target.query["limit"] else { return defaultLimit }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let limit = Int(text),
            (1...maximumLimit).contains(limit)
        else { throw Problem(.invalidRequest, "the limit is not 1 to \(maximumLimit)") }
        return limit
    }

    @Sendable private func document(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        let record = try await confirmed(call.id(), owner: owner)
        return .json(try await documents.view(record))
    }

    /// A document that others may see: one that is uploaded, and not deleted.
    private func confirmed(_ id: DocumentID, owner: String) async throws -> DocumentRecord {
        let record = try await uploads.document(id, owner: owner)
        switch record.state {
        case .confirmed: return record
        case .deleting: throw Problem(.deleted, "the document is deleted")
        default: throw Problem(.notConfirmed, "the document is not uploaded yet")
        }
    }

    @Sendable private func url(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        let id = try call.id()
        let kind: DownloadAddresses.Disposition
        switch call.target.query["disposition"] {
        case nil, "attachment": kind = .attachment
        case "inline": kind = .inline
        default: throw Problem(.invalidRequest, "the disposition is not attachment or inline")
        }
        let record = try await confirmed(id, owner: owner)
        let options = delivery.options(record, kind)
        return .json(try await uploads.url(of: id, owner: owner, options: options))
    }

    private struct Deletion: Encodable {
        let undoUntil: Timestamp?
    }

    @Sendable private func delete(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        try await call.ignoreBody()
        let record = try await uploads.delete(call.id(), owner: owner, after: undoTime)
        return .json(Deletion(undoUntil: record?.expires.map(Timestamp.init)))
    }

    @Sendable private func restore(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        try await call.ignoreBody()
        let record = try await uploads.restore(call.id(), owner: owner)
        await onRestore(record)
        return .json(try await documents.view(record))
    }
}
