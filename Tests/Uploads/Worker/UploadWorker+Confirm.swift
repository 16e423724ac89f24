import BlobStorage
import BlobStorageTestKit
import BlobStorageUploadFireSupport
import BlobStorageUploads
import Foundation

extension UploadWorker {
    /// Confirms a document, whatever has come of it.
    mutating func confirm() async throws {
        if Bool.random(using: &random), let held = held.randomElement(using: &random) {
            let id = held.ticket.id
            return try await confirm("confirm", id, owner: held.owner)
        }
        guard let record = try await anyRecord() else { return }
        try await confirm("confirm", record.id, owner: record.owner)
    }

    /// Confirms a document by two calls at once.
    mutating func confirmTwice() async throws {
        guard let record = try await anyRecord() else { return }
        try say(.begin, "confirm-twice", record.id.text, [:])
        let uploads = desk.uploads
        let results = await withTaskGroup(of: Result<DocumentRecord, any Error>.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        return .success(try await uploads.confirm(record.id, owner: record.owner))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<DocumentRecord, any Error>] = []
            for await result in group { results.append(result) }
            return results
        }
        for result in results {
            var details = ["outcome": "ok"]
            switch result {
            case .success(let record): details.merge(Self.marks(of: record)) { $1 }
            case .failure(let error):
                details = ["outcome": Self.name(of: error), "error": "\(error)"]
            }
            try say(.end, "confirm-twice", record.id.text, details)
            if case .success(let record) = result { try look(at: record) }
        }
    }

    func confirm(_ kind: String, _ id: DocumentID, owner: String) async throws {
        let result = try await stepping(kind, id.text, telling: Self.marks) {
            try await desk.uploads.confirm(id, owner: owner)
        }
        if case .success(let record) = result { try look(at: record) }
    }

    /// Tries to act on another owner's document.
    mutating func confirmAsAnother() async throws {
        guard let record = try await anyRecord() else { return }
        let owner = stranger(to: record)
        let (id, uploads) = (record.id, desk.uploads)
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            try await expectNotFound("cancel-other", record) {
                try await uploads.cancel(id, owner: owner)
            }
        case 1:
            try await expectNotFound("delete-other", record) {
                _ = try await uploads.delete(id, owner: owner)
            }
        case 2:
            try await expectNotFound("url-other", record) {
                _ = try await uploads.url(of: id, owner: owner)
            }
        default:
            try await expectNotFound("confirm-other", record) {
                _ = try await uploads.confirm(id, owner: owner)
            }
        }
    }

    /// What a record tells of its blob, for the log.
    static func marks(of record: DocumentRecord) -> [String: String] {
        [
            "etag": record.etag?.text ?? "-",
            "bytes": record.byteCount.map { "\($0)" } ?? "-",
            "uploaded": record.uploaded.map { "\($0.timeIntervalSince1970)" } ?? "-",
            "version": "\(record.version)",
        ]
    }

    /// A record that a confirmation gave is one of a confirmed document.
    private func look(at record: DocumentRecord) throws {
        let isWhole =
            record.state == .confirmed && record.etag != nil && record.byteCount != nil
            && record.uploaded != nil
        if !isWhole { try complain("confirmed", record.id.text, "it is \(record)") }
    }

    // MARK: Together

    /// Uploads a document, and confirms it at the moment at which the other worker acts on it too.
    mutating func meet() async throws {
        guard let record = try await anyRecord(.pending),
            let held = try await takeTicket(record)
        else { return }
        try await send(held, held.document.hasChecksum ? 0 : (random.next() | 1) & ~2)
        let errands = ["confirm", "confirm", "sweep", "sweep", "cancel", "delete", "send"]
        let errand = errands.randomElement(using: &random) ?? errands[0]
        meeting.host(record.id.text, errand: errand)
        try await confirm("meet-confirm", record.id, owner: record.owner)
    }

    /// Does what the other worker has asked for.
    mutating func visit(_ appointment: Meeting.Appointment) async throws {
        guard let record = try await desk.metadata.find(DocumentID(appointment.id)) else { return }
        let (id, owner, uploads) = (record.id, record.owner, desk.uploads)
        switch appointment.errand {
        case "sweep":
            // Time is up between the other's look at the record and its change of it.
            try stage.clock.advance(steps: FireStage.shortLifetimeSteps)
            try await sweep("visit-sweep", SweepOptions())
        case "cancel":
            try await stepping("visit-cancel", id.text) {
                try await uploads.cancel(id, owner: owner)
            }
        case "delete":
            try await stepping("visit-delete", id.text) {
                _ = try await uploads.delete(id, owner: owner)
            }
        case "send":
            guard let held = held.first(where: { $0.ticket.id == id }) else { return }
            try await send(held, held.document.hasChecksum ? 0 : random.next() | 1)
        default: try await confirm("visit-confirm", id, owner: owner)
        }
    }
}
