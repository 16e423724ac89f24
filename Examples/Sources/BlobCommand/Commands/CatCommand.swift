import BlobStorage

/// Writes blobs to the standard output.
struct CatCommand: Command {
    static let name = "cat"
    static let summary = "Write blobs, or a range of each, to the standard output."
    static let operands = "KEY..."
    static let details = """
        A RANGE is written as HTTP does: 0-499 for the first 500 bytes, 500- for all but those,
        -500 for the last 500. It is cut at the blob's end.
        """
    static let options: [OptionSpec] = [
        .value("range", "r", "RANGE", "the bytes to write")
    ]

    static let printsRecords = false

    private let keys: [BlobKey]
    private let range: ByteRange?

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(1...Int.max, "KEY")
        keys = try arguments.operands.map { try BlobKey(argument: $0) }
        range = try arguments.value("range").map(ByteRange.init(argument:))
    }

    func run(_ context: Context) async throws {
        let store =
            context.console.sharesTerminalWithProgress
            ? try await context.store() : try await context.meteredStore()
        for key in keys {
            let blob = try await store.get(key, range: range, options: GetOptions())
            try await context.console.write(blob.body)
        }
    }
}
