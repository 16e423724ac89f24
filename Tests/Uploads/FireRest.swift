import BlobStorage
import BlobStorageS3
import BlobStorageUploadFireSupport
import BlobStorageUploads

/// What there is in the end: looked at before and after all has expired, when nobody works any more.
struct FireRest {
    /// All that is kept, for comparison.
    private struct Snapshot: Equatable {
        var records: [DocumentRecord] = []
        var blobs: [ListedBlob] = []
        var uploads: [ListedMultipartUpload] = []

        static func == (a: Self, b: Self) -> Bool {
            a.records == b.records && a.uploads == b.uploads && a.blobs == b.blobs
        }
    }

    /// Sixty days, longer than anything lasts.
    private static let allSteps = 60 * 144
    /// How often the store is looked at until it rests.
    private static let maximumLookCount = 30

    let stage: FireStage
    let store: any BlobStore & BlobPresigner & MultipartBlobStore
    let metadata: any MetadataStore
    /// A fault that the sweep's own store has.
    let mutation: Mutation?

    /// Sweeps, and tells what is wrong, and what is left by id.
    func settle() async throws -> ([FireProblem], [String: FireHistory.Survivor], String) {
        var problems: [FireProblem] = []
        let service = try stage.service(
            store: Self.mutated(store, mutation),
            metadata: metadata
        )
        try await waitForRest()

        problems += try await checkDryRun(service)
        try stage.clock.advance(steps: Self.allSteps)
        problems += try await checkDryRun(service)
        let promised = try await service.sweep(SweepOptions(isDryRun: true))
        let report = try await service.sweep()
        if Set(promised.removals) != Set(report.removals)
            || promised.removalCount != report.removalCount
        {
            problems.append(FireProblem(.dryRun, "-", "\(promised), but it \(report)"))
        }
        for failure in report.failures {
            let message = "\(failure.removal) failed: \(failure.error)"
            problems.append(FireProblem(.left, "-", message))
        }

        let (found, survivors) = try await leftovers()
        problems += found
        let again = try await service.sweep()
        if again.removalCount > 0 {
            problems.append(FireProblem(.left, "-", "another sweep \(again)"))
        }
        return (problems, survivors, "\(report)")
    }

    private static func mutated(
        _ store: some BlobStore & BlobPresigner & MultipartBlobStore,
        _ mutation: Mutation?
    ) -> any BlobStore & BlobPresigner {
        MutatedStore(base: store, mutation: mutation)
    }

    /// Waits until the store changes no more: a server may be at work for a client that was killed.
    private func waitForRest() async throws {
        var last = try await snapshot()
        for _ in 0..<Self.maximumLookCount {
            if stage.place == .disk { return }
            try await Task.sleep(for: .seconds(1))
            let now = try await snapshot()
            if now == last { return }
            last = now
        }
    }

    private func checkDryRun(_ service: UploadService) async throws -> [FireProblem] {
        let before = try await snapshot()
        try await service.sweep(SweepOptions(isDryRun: true))
        guard try await snapshot() != before else { return [] }
        return [FireProblem(.dryRun, "-", "something is not as before")]
    }

    /// Looks at everything: there must be confirmed documents and their blobs alone.
    private func leftovers() async throws -> ([FireProblem], [String: FireHistory.Survivor]) {
        var problems: [FireProblem] = []
        var survivors: [String: FireHistory.Survivor] = [:]
        let rest = try await snapshot()
        let audit = FireAudit(metadata: metadata, store: store)
        for record in rest.records {
            let id = record.id.text
            guard record.state == .confirmed else {
                problems.append(FireProblem(.left, id, "the record is \(record.state.rawValue)"))
                continue
            }
            switch try await audit.look(at: record) {
            case .sound(let sendings):
                survivors[id] = FireHistory.Survivor(record: record, sendings: sendings)
            case .changed: problems.append(FireProblem(.audit, id, "it still changes"))
            case .broken(let message): problems.append(FireProblem(.audit, id, message))
            }
        }
        let keys = Set(rest.records.map(\.key))
        for blob in rest.blobs where !keys.contains(blob.key) {
            problems.append(FireProblem(.left, Self.id(in: blob.key), "the blob \(blob.key)"))
        }
        for upload in rest.uploads {
            let key = upload.upload.key
            problems.append(FireProblem(.left, Self.id(in: key), "an upload of \(key)"))
        }
        return (problems, survivors)
    }

    /// The id in a key, to find its history.
    private static func id(in key: BlobKey) -> String {
        let name = key.text.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." && $0 != "_" })
    }

    private func snapshot() async throws -> Snapshot {
        var snapshot = Snapshot()
        for try await record in metadata.documents() { snapshot.records.append(record) }
        for try await blob in store.list() { snapshot.blobs.append(blob) }
        var token: String?
        repeat {
            let page = try await store.listMultipartUploads(
                prefix: "",
                continuationToken: token,
                limit: 1_000
            )
            snapshot.uploads += page.uploads
            token = page.continuationToken
        } while token != nil
        return snapshot
    }
}
