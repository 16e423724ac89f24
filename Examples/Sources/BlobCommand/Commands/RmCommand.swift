import BlobStorage

/// Deletes blobs.
struct RmCommand: Command {
    static let name = "rm"
    static let summary = "Delete blobs; it is no error if there is none."
    static let operands = "KEY... | --recursive PREFIX"
    static let options: [OptionSpec] = [
        .flag("recursive", "r", "delete every blob whose key begins with PREFIX"),
        .flag("all", nil, "with --recursive and no PREFIX: delete every blob"),
        .flag("dry-run", "n", "only show what would be deleted"),
        .value("if-matches", nil, "ETAG", "only if the one blob has this etag"),
    ]

    private enum Choice {
        case keys([BlobKey])
        case one(BlobKey, ETag)
        case prefix(String)
    }

    private let choice: Choice
    private let isDryRun: Bool

    init(_ arguments: Arguments) throws {
        isDryRun = arguments.has("dry-run")
        let operands = arguments.operands
        if arguments.has("recursive") {
            try arguments.expectOperands(0...1, "one PREFIX")
            try arguments.expectAtMostOne(of: "recursive", "if-matches")
            let prefix = operands.first ?? ""
            // An unset variable of a script must not empty the store.
            guard prefix.isEmpty == arguments.has("all") else {
                throw UsageError(
                    prefix.isEmpty
                        ? "PREFIX is missing; give --all to delete every blob"
                        : "--all and PREFIX exclude each other"
                )
            }
            choice = .prefix(prefix)
            return
        }
        guard !arguments.has("all") else { throw UsageError("--all needs --recursive") }
        try arguments.expectOperands(1...Int.max, "KEY")
        let keys = try operands.map { try BlobKey(argument: $0) }
        guard let etag = arguments.value("if-matches") else {
            choice = .keys(keys)
            return
        }
        guard keys.count == 1 else { throw UsageError("--if-matches takes one KEY") }
        guard !isDryRun else { throw UsageError("--if-matches and --dry-run exclude each other") }
        choice = .one(keys[0], ETag(argument: etag))
    }

    private struct DeletedRecord: Encodable {
        let deleted: String
        let isDryRun: Bool
    }

    func run(_ context: Context) async throws {
        let store = try await context.store()
        switch choice {
        case .one(let key, let etag):
            try await store.delete(key, options: DeleteOptions(ifMatches: etag))
            try await report([key], [], context)
        case .keys(let keys):
            var failures: [DeleteFailure] = []
            if !isDryRun { failures = try await store.delete(keys) }
            try await report(keys, failures, context)
        case .prefix(let prefix):
            var options = ListOptions(prefix: prefix)
            repeat {
                let page = try await store.list(options)
                let keys = page.blobs.map(\.key)
                let failures = isDryRun ? [] : try await store.delete(keys)
                try await report(keys, failures, context)
                options.continuationToken = page.continuationToken
            } while options.continuationToken != nil
        }
    }

    /// Prints what is gone, then throws the first failure.
    private func report(
        _ keys: [BlobKey],
        _ failures: [DeleteFailure],
        _ context: Context
    ) async throws {
        let failed = Set(failures.map(\.key))
        for key in keys where !failed.contains(key) {
            let line = "\(isDryRun ? "would delete" : "deleted") \(DisplayText(key.text))"
            let record = DeletedRecord(deleted: key.text, isDryRun: isDryRun)
            try await context.console.print(line, record)
        }
        guard let first = failures.first else { return }
        try await context.console.flush()
        for failure in failures.dropFirst() {
            ErrorReport(failure.error, command: Self.name).log(isJSON: context.console.isJSON)
        }
        throw first.error
    }
}
