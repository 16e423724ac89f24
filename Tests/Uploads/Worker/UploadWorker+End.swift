import BlobStorage
import BlobStorageUploadFireSupport
import BlobStorageUploads

extension UploadWorker {
    mutating func cancel() async throws {
        guard let record = try await anyRecord() else { return }
        try await stepping("cancel", record.id.text) {
            try await desk.uploads.cancel(record.id, owner: record.owner)
        }
    }

    /// Deletes a document, at once or after some time.
    mutating func delete() async throws {
        let state: DocumentState? = Bool.random(using: &random) ? .confirmed : nil
        guard let record = try await anyRecord(state) else { return }
        let delay: Duration = Bool.random(using: &random) ? .zero : .seconds(7_200)
        try await stepping("delete", record.id.text, ["delay": "\(delay)"]) {
            _ = try await desk.uploads.delete(record.id, owner: record.owner, after: delay)
        }
    }

    mutating func restore() async throws {
        guard let record = try await anyRecord(.deleting) else { return }
        try await stepping("restore", record.id.text) {
            _ = try await desk.uploads.restore(record.id, owner: record.owner)
        }
    }

    /// Moves the time on, for all.
    mutating func expire() async throws {
        let steps = Int.random(in: 1...6, using: &random)
        try await stepping("expire", "-", ["steps": "\(steps)"]) {
            try stage.clock.advance(steps: steps)
        }
    }

    // MARK: Sweeps

    mutating func sweep() async throws {
        let includesStore = Int.random(in: 0..<4, using: &random) > 0
        try await sweep("sweep", SweepOptions(includesStore: includesStore))
    }

    func sweep(_ kind: String, _ options: SweepOptions) async throws {
        try await stepping(kind, "-", telling: Self.report) {
            try await desk.uploads.sweep(options)
        }
    }

    private static func report(of report: SweepReport) -> [String: String] {
        var details = ["report": "\(report)"]
        if let failure = report.failures.first {
            details["failure"] = "\(failure.removal): \(failure.error)"
        }
        return details
    }

    /// Asks what a sweep would do; nothing may change by it.
    mutating func sweepDry() async throws {
        let isDryRun = desk.mutation != .sweepsForReal
        try await stepping("sweep-dry", "-", telling: Self.report) {
            try await desk.dry.sweep(SweepOptions(isDryRun: isDryRun))
        }
        let changes = desk.dryChanges.withLock { changes in
            defer { changes = [] }
            return changes
        }
        if !changes.isEmpty {
            try complain("dry-run", "-", changes.joined(separator: ", "))
        }
    }

    // MARK: Checks

    /// Looks whether a confirmed record has its blob.
    mutating func audit() async throws {
        guard let record = try await anyRecord(.confirmed) else { return }
        try say(.begin, "audit", record.id.text, [:])
        let audit = FireAudit(metadata: desk.metadata, store: desk.store)
        switch try await audit.look(at: record) {
        case .sound(let sendings):
            var details = Self.marks(of: record)
            details["outcome"] = "ok"
            details["sendings"] = sendings
            try say(.end, "audit", record.id.text, details)
        case .changed: try say(.end, "audit", record.id.text, ["outcome": "changed"])
        case .broken(let message):
            try say(.end, "audit", record.id.text, ["outcome": "broken"])
            try complain("audit", record.id.text, message)
        }
    }
}
