import BlobStorage

/// Makes one store hold what another holds.
struct SyncCommand: Command {
    static let name = "sync"
    static let summary = "Make one store hold what another one holds."
    static let operands = "SOURCE_URL DESTINATION_URL"
    static let details = """
        Blobs that are current are skipped, so a sync that was interrupted goes on where it was.
        The destination's folder or bucket is made if there is none.
        """
    static let options: [OptionSpec] = [
        .flag("delete", nil, "delete what the source does not have"),
        .flag("dry-run", "n", "only show what would be done"),
        .value(
            "compare",
            nil,
            "HOW",
            "what makes a blob current: time (the default), checksum or no"
        ),
    ]
    static let usesStore = false

    private let source: String
    private let destination: String
    private let syncOptions: SyncOptions

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(2...2, "SOURCE_URL DESTINATION_URL")
        source = arguments.operands[0]
        destination = arguments.operands[1]
        let skips: SyncOptions.Skip
        switch arguments.value("compare") {
        case nil, "time": skips = .sizeAndTime
        case "checksum": skips = .checksum
        case "no": skips = .nothing
        case let other?:
            throw UsageError("--compare is \"\(DisplayText(other))\", not time, checksum or no")
        }
        syncOptions = SyncOptions(
            skips: skips,
            deletes: arguments.has("delete"),
            isDryRun: arguments.has("dry-run")
        )
    }

    private enum Event: Sendable {
        case action(SyncAction)
        case report(SyncReport)
    }

    func run(_ context: Context) async throws {
        let sourceStore = try await StoreOpener.open(source)
        let destinationStore = try await openDestination()
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let sync = BlobSync(from: sourceStore, into: destinationStore, options: syncOptions) {
            continuation.yield(.action($0))
        }
        async let last = Self.follow(sync, continuation)
        for await event in events {
            switch event {
            case .action(let action): try await show(action, context)
            case .report(let report): await context.console.progress.show(amount(of: report))
            }
        }
        let report = try await last
        await context.console.progress.clear()
        try await context.console.print(summary(of: report), SyncRecord(report, syncOptions))
        try await context.console.flush()
        for failure in report.failures {
            ErrorReport(failure.error, command: Self.name).log(isJSON: context.console.isJSON)
        }
        guard report.failed.blobCount == 0 else { throw NegativeResult() }
    }

    /// Opens the destination, and makes it if there is none; for a dry run, an empty store stands in.
    private func openDestination() async throws -> any BlobStore {
        let store = try await StoreOpener.open(destination)
        guard syncOptions.isDryRun else {
            try await store.prepare()
            return store
        }
        do {
            _ = try await store.list(ListOptions(limit: 1))
            return store
        } catch let error as BlobError where error.kind == .storeNotFound {
            return InMemoryStore()
        }
    }

    /// Runs the sync to its end and gives its last report.
    private static func follow(
        _ sync: BlobSync,
        _ events: AsyncStream<Event>.Continuation
    ) async throws -> SyncReport {
        defer { events.finish() }
        var last: SyncReport?
        for try await report in sync {
            last = report
            events.yield(.report(report))
        }
        guard let last else { throw CancellationError() }
        return last
    }

    private func show(_ action: SyncAction, _ context: Context) async throws {
        let would = syncOptions.isDryRun ? "would " : ""
        switch action {
        case .copy(let blob):
            let line = "\(would)copy \(DisplayText(blob.key.text))  \(ByteCount(blob.byteCount))"
            try await context.console.print(line, ActionRecord("copy", blob))
        case .delete(let blob):
            let line = "\(would)delete \(DisplayText(blob.key.text))"
            try await context.console.print(line, ActionRecord("delete", blob))
        }
    }

    private func amount(of report: SyncReport) -> Progress.Amount {
        let total = "\(report.total.blobCount)\(report.isTotalKnown ? "" : "+")"
        return Progress.Amount(
            label: Self.name,
            done: report.done.byteCount,
            total: report.isTotalKnown ? report.total.byteCount : nil,
            note: "\(report.done.blobCount) of \(total) blobs"
        )
    }

    private func summary(of report: SyncReport) -> String {
        let counts = [
            ("copied", report.copied), ("skipped", report.skipped), ("deleted", report.deleted),
            ("failed", report.failed),
        ]
        let text = counts.map { "\($0) \($1.blobCount) (\(ByteCount($1.byteCount)))" }
            .joined(separator: ", ")
        return (syncOptions.isDryRun ? "dry run: " : "") + text
    }
}

/// What a sync does, in JSON.
private struct ActionRecord: Encodable {
    let action: String
    let key: String
    let byteCount: Int64

    init(_ action: String, _ blob: ListedBlob) {
        self.action = action
        key = blob.key.text
        byteCount = blob.byteCount
    }
}

/// What a sync has done, in JSON.
private struct SyncRecord: Encodable {
    struct Tally: Encodable {
        let blobCount: Int
        let byteCount: Int64

        init(_ tally: SyncReport.Tally) {
            blobCount = tally.blobCount
            byteCount = tally.byteCount
        }
    }

    let copied: Tally
    let skipped: Tally
    let deleted: Tally
    let failed: Tally
    let isDryRun: Bool

    init(_ report: SyncReport, _ options: SyncOptions) {
        copied = Tally(report.copied)
        skipped = Tally(report.skipped)
        deleted = Tally(report.deleted)
        failed = Tally(report.failed)
        isDryRun = options.isDryRun
    }
}
