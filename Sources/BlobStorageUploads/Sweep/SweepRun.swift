internal import BlobStorage
internal import Foundation

/// One sweep.
struct SweepRun {
    let service: UploadService
    let options: SweepOptions
    /// What counts as over: one time for the whole sweep.
    let time: Date
    private(set) var report: SweepReport

    init(service: UploadService, options: SweepOptions) {
        self.service = service
        self.options = options
        time = service.now()
        report = SweepReport(isDryRun: options.isDryRun)
    }

    /// Removes reservations and documents whose time is up.
    mutating func removeDocuments() async throws {
        for state in [DocumentState.pending, .deleting] {
            let query = DocumentQuery(
                state: state,
                keyPrefix: service.keyPrefix,
                limit: DocumentQuery.maximumLimit
            )
            for try await record in service.metadata.documents(query) where isOver(record) {
                let removal: SweepReport.Removal =
                    state == .pending ? .reservation(record.id) : .document(record.id)
                try await remove(removal) { [self] in try await removeDocument(record) }
            }
        }
    }

    /// Whether a document's time is up.
    private func isOver(_ record: DocumentRecord) -> Bool {
        switch record.state {
        case .pending: service.deadline(of: record) <= time
        case .confirmed: false
        default: record.expires.map { $0 <= time } ?? true
        }
    }

    /// Decides that a document goes, which nobody can take back, and then removes it.
    ///
    /// - Returns: Whether it went; not if somebody confirmed or restored it, or was faster.
    private func removeDocument(_ record: DocumentRecord) async throws -> Bool {
        let decided: DocumentRecord
        do {
            // What a query gives may be out of date, so the decision is on the record as it is now.
            decided = try await service.transition(record.id, owner: record.owner) { record in
                guard isOver(record), !record.isBeyondRestoring else { return false }
                record.state = .deleting
                record.expires = nil
                return true
            }
        } catch let error as UploadError where error.reason == .notFound {
            return false
        }
        guard decided.isBeyondRestoring else { return false }
        try await service.purge(decided)
        return true
    }

    /// Removes the blobs under a prefix that belong to nothing.
    mutating func removeOrphans(under prefix: String, isIncoming: Bool) async throws {
        var listing = ListOptions(prefix: prefix)
        while true {
            let page = try await service.store.list(listing)
            try await removeOrphans(page.blobs, under: prefix, isIncoming: isIncoming)
            guard try listing.advance(past: page) else { return }
        }
    }

    private mutating func removeOrphans(
        _ blobs: [ListedBlob],
        under prefix: String,
        isIncoming: Bool
    ) async throws {
        let named = blobs.compactMap { blob in
            service.keys.id(in: blob.key, under: prefix).map { (blob: blob, id: $0) }
        }
        report.foreignBlobCount += blobs.count - named.count
        guard !named.isEmpty else { return }
        // The records are read after the blobs were seen: who makes a blob made a record before.
        let records = try await service.metadata.records(Array(Set(named.map(\.id))))
        let orphans = named.filter {
            isOrphan($0.blob.key, isIncoming: isIncoming, records[$0.id])
        }
        guard !orphans.isEmpty else { return }
        var failures: [BlobKey: BlobError] = [:]
        if !options.isDryRun {
            do {
                for failure in try await service.store.delete(orphans.map(\.blob.key)) {
                    failures[failure.key] = failure.error
                }
            } catch let error as BlobError {
                for (blob, _) in orphans { failures[blob.key] = error }
            }
        }
        for (blob, _) in orphans {
            report.add(.blob(blob.key, byteCount: blob.byteCount), failure: failures[blob.key])
        }
    }

    /// Whether a blob under the service's prefixes belongs to nothing, once the documents whose time
    /// is up are gone: a dry run still finds them, and has told of their bytes already.
    private func isOrphan(_ key: BlobKey, isIncoming: Bool, _ record: DocumentRecord?) -> Bool {
        guard options.isDryRun, let record, isOver(record) else {
            return service.isOrphan(key, isIncoming: isIncoming, record)
        }
        return !service.blobKeys(of: record).contains(key)
    }

    /// Removes multipart uploads that no reservation names.
    mutating func removeMultipartUploads() async throws {
        guard let store = service.store as? any MultipartBlobStore else { return }
        let youngest = time.addingTimeInterval(-options.multipartGrace.inSeconds)
        var token: String?
        repeat {
            let page = try await store.listMultipartUploads(
                prefix: service.keyPrefix,
                continuationToken: token,
                limit: ListOptions.maximumLimit
            )
            let old = page.uploads.filter { $0.created <= youngest }.compactMap { listed in
                service.keys.id(in: listed.upload.key, under: service.keyPrefix)
                    .map { (upload: listed.upload, id: $0) }
            }
            let ids = Array(Set(old.map(\.id)))
            let records = ids.isEmpty ? [:] : try await service.metadata.records(ids)
            for (upload, id) in old {
                if let record = records[id], record.multipartUpload == upload {
                    let goesWithIt = options.isDryRun && isOver(record)
                    if record.state == .pending || goesWithIt { continue }
                }
                try await remove(.multipartUpload(upload)) {
                    try await store.abortMultipartUpload(upload)
                    return true
                }
            }
            token = page.continuationToken
        } while token != nil
    }

    /// Removes one thing, or only tells so; one that fails does not keep the others from going.
    private mutating func remove(
        _ removal: SweepReport.Removal,
        _ work: () async throws -> Bool
    ) async throws {
        guard !options.isDryRun else { return report.add(removal) }
        do {
            if try await work() { report.add(removal) }
        } catch let error as BlobError {
            report.add(removal, failure: error)
        } catch let error as UploadError {
            let failure = BlobError(.conflict, operation: "sweep", message: error.message)
            report.add(removal, failure: failure)
        }
    }
}

extension SweepReport {
    /// Counts something that was removed, or could not be.
    mutating func add(_ removal: Removal, failure: BlobError? = nil) {
        if let failure {
            failureCount += 1
            if failures.count < Self.maximumNamedCount {
                failures.append(Failure(removal, failure))
            }
            return
        }
        switch removal {
        case .reservation: reservationCount += 1
        case .document: documentCount += 1
        case .blob(_, let byteCount):
            blobCount += 1
            blobByteCount += byteCount
        case .multipartUpload: multipartUploadCount += 1
        }
        if removals.count < Self.maximumNamedCount { removals.append(removal) }
    }
}
