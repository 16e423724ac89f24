import BlobStorage
import BlobStorageServer
import BlobStorageUploads

/// Reserve, sign again, confirm, give up.
struct UploadRoutes: Sendable {
    let uploads: UploadService
    let documents: DocumentViews
    /// Called when an upload was confirmed.
    let onConfirm: @Sendable (DocumentRecord) async -> Void

    var routes: [Route] {
        [
            Route("POST", "/api/uploads", reserve),
            Route("POST", "/api/uploads/:id/ticket", ticket),
            Route("POST", "/api/uploads/:id/confirm", confirm),
            Route("DELETE", "/api/uploads/:id", cancel),
        ]
    }

    @Sendable private func reserve(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        let request = try await call.json(UploadRequest.self)
        if request.attributes[Thumbnails.attribute] != nil {
            throw Problem(
                .invalidUpload,
                "the attribute \"\(Thumbnails.attribute)\" is the service's own"
            )
        }
        let ticket = try await uploads.reserve(request, owner: owner)
        var response = HTTPServerResponse.json(ticket, status: 201)
        response.headers["Location"] = "/api/uploads/\(ticket.id.text)"
        return response
    }

    @Sendable private func ticket(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        try await call.ignoreBody()
        return .json(try await uploads.ticket(call.id(), owner: owner))
    }

    @Sendable private func confirm(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        try await call.ignoreBody()
        let record = try await uploads.confirm(call.id(), owner: owner)
        await onConfirm(record)
        return .json(try await documents.view(record))
    }

    @Sendable private func cancel(_ call: Call) async throws -> HTTPServerResponse {
        let owner = try call.owner()
        try await call.ignoreBody()
        try await uploads.cancel(call.id(), owner: owner)
        return .noContent
    }
}
