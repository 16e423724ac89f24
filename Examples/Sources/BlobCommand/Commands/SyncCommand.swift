import BlobStorage

/// Makes one store hold what another holds.
struct SyncCommand: Command {
    static let name = "sync"
    static let summary = "Make one store hold what another one holds."
    static let operands = "SOURCE_URL DESTINATION_URL"
    static let details = """
        Blobs that are current are skipped, so a sync that was interrupted goes on where it was.
        The destination's folder is made if there is none.
        """
    static let options: [OptionSpec] = [
        .flag("delete", nil, "delete what the source does not have"),
        .flag("dry-run", "n", "only show what would be done"),
        .flag("missing", nil, "copy only what is missing, also while others write there"),
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
    private let copiesMissingOnly: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(2...2, "SOURCE_URL DESTINATION_URL")
        source = arguments.operands[0]
        destination = arguments.operands[1]
        copiesMissingOnly = arguments.has("missing")
        if copiesMissingOnly, arguments.has("delete") || arguments.value("compare") != nil {
            throw UsageError("--missing leaves what is there; it goes with --dry-run alone")
        }
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

    func run(_ context: Context) async throws {
        let sourceStore = try await openSource()
        let destinationStore = try await openDestination()
        let log = SyncLog(isDryRun: syncOptions.isDryRun)
        let observed = Self.observed(destinationStore, by: log.observer)
        do {
            let report: SyncReport
            if copiesMissingOnly {
                let backfill = Backfill(
                    from: sourceStore,
                    into: observed,
                    options: BackfillOptions(isDryRun: syncOptions.isDryRun),
                    onAction: log.began
                )
                report = try await follow(backfill, log, context)
            } else {
                let sync = BlobSync(
                    from: sourceStore,
                    into: observed,
                    options: syncOptions,
                    onAction: log.began,
                    onDeletion: log.deleted
                )
                report = try await follow(sync, log, context)
            }
            try await finish(SyncCounts(report), isComplete: true, context)
            for failure in report.failures {
                ErrorReport(failure.error, command: Self.name, place: .eitherStore)
                    .log(isJSON: context.console.isJSON)
            }
            guard report.failed.blobCount == 0 else { throw NegativeResult() }
        } catch let error as BlobError {
            // What was refused has not begun.
            if error.kind != .invalidArgument {
                try await finish(log.counts(), isComplete: false, context)
            }
            throw PlacedError(error, at: .eitherStore)
        } catch is CancellationError {
            try await finish(log.counts(), isComplete: false, context)
            throw CancellationError()
        }
    }

    /// Opens the source, and looks whether it is there.
    private func openSource() async throws -> any BlobStore {
        try await PlacedError.placing(at: .source) {
            let store = try await StoreOpener.open(source)
            _ = try await store.list(ListOptions(limit: 1))
            return store
        }
    }

    /// Opens the destination, and makes it if there is none; for a dry run, an empty store stands in.
    private func openDestination() async throws -> any BlobStore {
        try await PlacedError.placing(at: .destination) {
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
    }

    /// Runs the sync to its end, shows what it does, and gives its last report.
    private func follow<Reports: AsyncSequence<SyncReport, any Error> & Sendable>(
        _ sync: Reports,
        _ log: SyncLog,
        _ context: Context
    ) async throws -> SyncReport {
        async let last = Self.run(sync, log)
        for await _ in log.news {
            let (changes, report) = log.take()
            for change in changes { try await show(change, context) }
            if let report { await context.console.progress.show(amount(of: report)) }
        }
        let result: Result<SyncReport, any Error>
        do {
            result = .success(try await last)
        } catch {
            result = .failure(error)
        }
        for change in log.take().changes { try await show(change, context) }
        return try result.get()
    }

    private static func run(
        _ sync: some AsyncSequence<SyncReport, any Error> & Sendable,
        _ log: SyncLog
    ) async throws -> SyncReport {
        defer { log.finish() }
        var last: SyncReport?
        for try await report in sync {
            last = report
            log.took(report)
        }
        guard let last else { throw CancellationError() }
        return last
    }

    private func finish(
        _ counts: SyncCounts,
        isComplete: Bool,
        _ context: Context
    ) async throws {
        await context.console.progress.clear()
        let mark = (syncOptions.isDryRun ? "dry run: " : "") + (isComplete ? "" : "cut off: ")
        try await context.console.print(
            mark + Self.text(counts),
            SyncRecord(counts, isDryRun: syncOptions.isDryRun, isComplete: isComplete)
        )
        try await context.console.flush()
    }

    private static func observed(
        _ store: some BlobStore,
        by observer: BlobObserver
    ) -> any BlobStore {
        store.observed(by: observer)
    }

    private func show(_ change: SyncLog.Change, _ context: Context) async throws {
        var line = syncOptions.isDryRun ? "would " : ""
        line += "\(change.action) \(DisplayText(change.key.text))"
        if change.action == "copy" { line += "  \(ByteCount(change.byteCount))" }
        try await context.console.print(line, ChangeRecord(change))
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

    private static func text(_ counts: SyncCounts) -> String {
        let tallies = [
            ("copied", counts.copied), ("skipped", counts.skipped), ("deleted", counts.deleted),
            ("failed", counts.failed),
        ]
        return tallies.map { "\($0) \($1.blobCount) (\(ByteCount($1.byteCount)))" }
            .joined(separator: ", ")
    }
}

/// What a sync does, in JSON.
private struct ChangeRecord: Encodable {
    let action: String
    let key: String
    let byteCount: Int64

    init(_ change: SyncLog.Change) {
        action = change.action
        key = change.key.text
        byteCount = change.byteCount
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
    /// Whether it came to its end, and was not cut off by an error or a signal.
    let isComplete: Bool

    init(_ counts: SyncCounts, isDryRun: Bool, isComplete: Bool) {
        copied = Tally(counts.copied)
        skipped = Tally(counts.skipped)
        deleted = Tally(counts.deleted)
        failed = Tally(counts.failed)
        self.isDryRun = isDryRun
        self.isComplete = isComplete
    }
}
